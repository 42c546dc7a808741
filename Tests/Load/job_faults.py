#!/usr/bin/env python3
"""What a store and its workers meet with in bad times: a medium that is full, a database that crashes, clocks that jump.

    Tests/Load/job_faults.py full BINARY       a data folder on a tmpfs of 6 MiB fills up, and gets room again (root)
    Tests/Load/job_faults.py restart BINARY    PostgreSQL crashes and starts again while jobs are computed
    Tests/Load/job_faults.py clock BINARY [--store sqlite|postgresql]
                                               the processes' clocks jump by an hour and back (needs libfaketime)

Afterwards every job has ended, each shard has counted once, and each result is byte for byte the answer at once.
With --brief each is short enough for every run of the tests.
"""
import argparse
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time

from job_trial import Database, File, Service, Worker, faults_of, read_photo, wait_for_ends, wait_until

SWEEPS = ["/occlusion?patch=40&stride=4", "/ablation?layer=fire5", "/deconv?layer=fire4&feature_map=top:24"]
BRIEF = ["/occlusion?patch=60&stride=6", "/ablation?layer=fire9"]


def finish(store, service, workers, jobs, photo, faults=()):
    """Waits for the ends of jobs; what is wrong with them, and with how the processes end."""
    wait_for_ends(service, jobs)
    found, shards = faults_of(store, service, jobs, photo)
    found = [*faults, *found]
    for program in (service, *workers):
        if (ended := program.kill(signal.SIGTERM)) != 0:
            found.append(f"after SIGTERM it ended with {ended}")
    return found, shards


def progress(service, jobs):
    return sum(service.job(job_id)["progress"]["done"] for job_id in jobs.values())


def attempts(store):
    return sum(int(count) for (count,) in store.jobs("SELECT attempts FROM shard"))


def settled(service, jobs):
    """How many shards are done when nothing has been done for two seconds."""
    before, still = -1, 0
    while still < 8:
        now = progress(service, jobs)
        before, still = now, still + 1 if now == before else 0
        time.sleep(0.25)
    return before


def full(arguments):
    """A medium that is full while jobs are computed, and then has more room."""
    photo = read_photo()
    place = tempfile.mkdtemp()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "jobs-trial", place], check=True)
    service = Service(arguments.binary, "--data", place)
    try:
        service.start()
        # Its results take more room than there is; the images of the others, each its own by what stands behind the
        # picture's end, take the rest.
        images = {"/deconv?layer=fire4&feature_map=top:24": photo}
        jobs = {sweep: service.submit(sweep, photo) for sweep in images}
        refused = None
        while not refused and len(jobs) < 64:
            sweep = f"/occlusion?patch={60 + len(jobs)}&stride=12"
            image = photo + bytes(len(jobs))
            fields = {"Content-Type": "image/png", "Prefer": "respond-async"}
            refused = service.refusal("POST", sweep, image, fields)
            if not refused:
                images[sweep], jobs[sweep] = image, service.submit(sweep, image)
        status, problem = refused or (None, {})
        print(f"{len(jobs)} jobs taken in, the next is answered {status}: {problem.get('detail')}")
        faults = [] if status == 507 else [f"a full medium is answered with {status}"]
        count = settled(service, jobs)
        total = sum(service.job(job_id)["progress"]["total"] for job_id in jobs.values())
        states = sorted({service.job(job_id)["state"] for job_id in jobs.values()})
        print(f"{count} of {total} shards are done when the medium is full; jobs are {', '.join(states)}")
        if count == total or not {*states} <= {"available", "running", "completed"}:
            faults.append("the medium was not full, or a job ended by it")
        subprocess.run(["mount", "-o", "remount,size=256m", place], check=True)
        found, _ = finish(File(place), service, [], jobs, images)
        if spent := attempts(File(place)):
            faults.append(f"{spent} attempts were lost")
        return faults + found, f"full medium: {len(jobs)} jobs of {total} shards"
    finally:
        if service.is_running:
            service.kill()
        subprocess.run(["umount", "-l", place], check=True)
        os.rmdir(place)


def restart(arguments):
    """A database that crashes while jobs are computed, and comes back."""
    photo, database = read_photo(), Database()
    service = Service(arguments.binary, "--store", database.address)
    workers = [Worker(arguments.binary, database.address)]
    try:
        for program in (service, *workers):
            program.start()
        jobs = {sweep: service.submit(sweep, photo) for sweep in (BRIEF if arguments.brief else SWEEPS)}
        faults = []
        for number in range(2 if arguments.brief else 10):
            before = progress(service, jobs)
            wait_until("a shard is done", lambda: progress(service, jobs) > before or finished(service, jobs))
            # Every other time it is away for long enough to be asked meanwhile.
            if number % 2 == 0:
                database.control("restart", mode="immediate")
            else:
                database.control("stop", mode="immediate")
                refused = service.refusal("GET", "/jobs")
                print(f"without a database: {refused}")
                if not refused or refused[0] != 503:
                    faults.append(f"without a database the answer is {refused}")
                if service.refusal("GET", "/healthz"):
                    faults.append("without a database the service is not alive")
                database.control("start")
            wait_until("the service has the database again", lambda: not service.refusal("GET", "/jobs"))
        found, shards = finish(database, service, workers, jobs, photo, faults)
        return found, f"crashes of the database: {len(jobs)} jobs of {shards} shards, {attempts_text(database)}"
    finally:
        for program in (service, *workers):
            if program.is_running:
                program.kill()
        database.stop()


def attempts_text(store):
    return f"{attempts(store)} attempts lost"


class Clock:
    """libfaketime, told by a file that it reads whenever it is asked; only the time of day jumps."""

    def __init__(self, folder):
        found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        if not found:
            sys.exit("libfaketime is missing: install Debian's package 'faketime'")
        self.path = os.path.join(folder, "clock")
        self.set(0)
        self.environment = {
            "LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": self.path, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Names of nothing, replaced where they stand: a variable more would move the environment away from the
            # arguments, which Swift looks for in front of it.
            "FAKETIME_SHARED": "/jobs-trial-none /jobs-trial-none",
        }

    def set(self, seconds):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.rename(self.path + ".new", self.path)


def clock(arguments):
    """Clocks of a service and its worker that jump, together and apart.

    With a file the jobs' times are those of the machine, and jump with it. With PostgreSQL they are the database's, so that
    a jump changes nothing at all: no lease may be lost.
    """
    photo = read_photo()
    with tempfile.TemporaryDirectory() as folder:
        clocks = [Clock(folder)]
        if arguments.store == "postgresql":
            os.mkdir(f"{folder}/worker")
            clocks.append(Clock(f"{folder}/worker"))
        database = Database() if arguments.store == "postgresql" else None
        store = database or File(folder)
        flags = ("--store", database.address) if database else ("--data", folder)
        service = Service(arguments.binary, *flags, environment=clocks[0].environment)
        workers = [Worker(arguments.binary, database.address, environment=clock.environment) for clock in clocks[1:]]
        try:
            for program in (service, *workers):
                program.start()
            jobs, faults = {}, []
            steps = [3600, 0] if arguments.brief else [3600, 0, -3600, 0]
            for number, seconds in enumerate(steps):
                sweep = f"/occlusion?patch={40 + number}&stride={7 if arguments.brief else 3}"
                jobs[sweep] = service.submit(sweep, photo)
                before = progress(service, jobs)
                wait_until("a shard is done", lambda: progress(service, jobs) > before or finished(service, jobs))
                for each in clocks[::-1]:
                    each.set(seconds)
                    time.sleep(0.5 if arguments.brief else 8)
                began = time.monotonic()
                ahead = 0 if database else seconds
                before = progress(service, jobs)
                wait_until("it goes on", lambda: finished(service, jobs)
                           or counts_at(store, ahead) and progress(service, jobs) > before, 60)
                print(f"at {seconds:+d} s it went on after {time.monotonic() - began:.1f} s")
                if not counts_at(store, ahead):
                    faults.append(f"no shard was counted at {ahead:+d} s")
            if database and attempts(store):
                faults.append(f"{attempts(store)} attempts were lost")
            found, shards = finish(store, service, workers, jobs, photo, faults)
            return found, f"clocks that jump: {len(jobs)} jobs of {shards} shards, {attempts_text(store)}"
        finally:
            for program in (service, *workers):
                if program.is_running:
                    program.kill()
            if database:
                database.stop()


def counts_at(store, seconds):
    """Whether the newest events of jobs, or one of them, have the time of a clock that is so many seconds ahead."""
    newest = store.jobs("SELECT time FROM event WHERE kind = 'progress' ORDER BY number DESC LIMIT 3")
    return any(abs(int(stamp) / 1000 - time.time() - seconds) < 300 for (stamp,) in newest)


def finished(service, jobs):
    return all(service.job(job_id)["finished"] for job_id in jobs.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fault", choices=["full", "restart", "clock"])
    parser.add_argument("binary")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite", help="of the clocks' trial")
    parser.add_argument("--brief", action="store_true", help="less work")
    arguments = parser.parse_args()
    trial = {"full": full, "restart": restart, "clock": clock}[arguments.fault]
    began = time.monotonic()
    faults, summary = trial(arguments)
    print(f"{summary} in {time.monotonic() - began:.0f} s: {'; '.join(faults) if faults else 'all well'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
