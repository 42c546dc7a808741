#!/usr/bin/env python3
"""A worker is cut off from the database by dropped packets, round after round, and comes back.

The database, a service and one worker are in one network namespace, a second worker in another, behind a veth pair; its
packets are dropped in both directions, without a word to either side. Its lease must go to others, the job must go on
meanwhile, and in the end each shard has counted once and each result is byte for byte the answer at once. Needs root.

    Tests/Load/cut_off_worker.py BINARY [--rounds 1] [--seed 1] [--brief]
"""
import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

from job_trial import Database, Service, Worker, faults_of, read_photo, wait_for_ends, wait_until

HOST, FAR = "10.93.7.1", "10.93.7.2"
MARK = "JOBS_TRIAL_HAS_A_NETWORK"


def into_network_of_its_own():
    """Starts this script anew in a network namespace that goes with it."""
    if MARK not in os.environ:
        os.environ[MARK] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class Far:
    """The namespace behind a veth pair."""

    def __init__(self):
        self.name = f"jobs-trial-{os.getpid()}"
        ip("netns", "add", self.name)
        ip("link", "set", "lo", "up")
        ip("link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", self.name)
        ip("addr", "add", f"{HOST}/30", "dev", "near0")
        ip("link", "set", "near0", "up")
        ip("-n", self.name, "addr", "add", f"{FAR}/30", "dev", "far0")
        ip("-n", self.name, "link", "set", "far0", "up")
        ip("-n", self.name, "link", "set", "lo", "up")
        self.prefix = ["ip", "netns", "exec", self.name]

    def cut(self):
        rules = "\n".join(["table inet cut {", *(
            f"chain {way} {{\n type filter hook {way} priority 0; policy drop;\n }}" for way in ("input", "output")), "}"])
        subprocess.run([*self.prefix, "nft", "-f", "-"], input=rules, text=True, check=True)

    def heal(self):
        subprocess.run([*self.prefix, "nft", "delete table inet cut"], check=True)

    def remove(self):
        ip("netns", "delete", self.name)


def leases(database, pid):
    return {lease for (lease,) in database.jobs(f"SELECT lease FROM shard WHERE state = 1 AND worker LIKE '%-{pid}'")}


def done(database):
    return int(database.jobs("SELECT COALESCE(SUM(done), 0) FROM job")[0][0])


class Work:
    """Jobs one after the other, so that there is always something to do, however fast the machine is."""

    def __init__(self, service, photo, stride):
        self.service, self.photo, self.stride, self.jobs = service, photo, stride, {}

    def is_short(self):
        progress = self.service.job(next(reversed(self.jobs.values())))["progress"]
        # A shard may be with the worker that is cut off.
        return progress["done"] + 4 > progress["total"]

    def keep(self):
        if not self.jobs or self.is_short():
            sweep = f"/occlusion?patch={40 + len(self.jobs)}&stride={self.stride}"
            self.jobs[sweep] = self.service.submit(sweep, self.photo)
        return True


def round_of(database, network, far, work, chance, cut_for):
    """One cut and what came of it, in seconds from the cut."""
    pid = far.process.pid
    wait_until("the far worker has a lease", lambda: work.keep() and leases(database, pid))
    time.sleep(chance.uniform(0, 0.5))
    network.cut()
    began, before = time.monotonic(), done(database)
    time.sleep(0.3)
    held = leases(database, pid)
    longest, last, count = 0.0, began, before
    taken = None if held else 0.0
    while time.monotonic() < began + cut_for or taken is None:
        work.keep()
        if taken is None and not held & leases(database, pid):
            taken = time.monotonic() - began
        if (now := done(database)) != count:
            longest, last, count = max(longest, time.monotonic() - last), time.monotonic(), now
        if time.monotonic() > began + 90:
            sys.exit("the lease of the worker that was cut off is not taken back within 90 s")
        time.sleep(0.1)
    longest = max(longest, time.monotonic() - last)
    left = leases(database, pid)
    network.heal()
    healed = time.monotonic()
    wait_until("the far worker is back", lambda: work.keep() and leases(database, pid) - left)
    back = time.monotonic() - healed
    print(f"cut off for {healed - began:.1f} s holding {len(held)} leases: taken back after {taken:.1f} s; the others did "
          f"{count - before} shards, with at most {longest:.1f} s between two; back {back:.1f} s after the packets flow",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--brief", action="store_true", help="one cut, no longer than a lease takes to be lost")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        sys.exit("network namespaces need root")
    into_network_of_its_own()
    chance, photo = random.Random(arguments.seed), read_photo()
    network = Far()
    database = Database(host=HOST)
    log = tempfile.TemporaryFile()
    # One thread each: there is to be enough to do for as long as it takes.
    one = ("--threads", "1")
    service = Service(arguments.binary, "--store", database.address, "--max-cost", "1e18", *one)
    near = Worker(arguments.binary, database.address, *one)
    far = Worker(arguments.binary, database.address, *one, prefix=network.prefix, level="warning", log=log)
    try:
        for program in (service, near, far):
            program.start()
        work = Work(service, photo, stride=8 if arguments.brief else 3)
        cuts = 1 if arguments.brief else arguments.rounds
        for _ in range(cuts):
            round_of(database, network, far, work, chance, 0 if arguments.brief else chance.uniform(5, 40))
        wait_for_ends(service, work.jobs)
        faults, shards = faults_of(database, service, work.jobs, photo)
        for program in (service, near, far):
            if (ended := program.kill(signal.SIGTERM)) != 0:
                faults.append(f"after SIGTERM it ended with {ended}")
        log.seek(0)
        for line in log.read().decode().splitlines():
            print("  the worker that was cut off:", line)
    finally:
        for program in (service, near, far):
            if program.is_running:
                program.kill()
        database.stop()
        network.remove()
    print(f"{cuts} cuts, {len(work.jobs)} jobs of {shards} shards: {'; '.join(faults) if faults else 'all well'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
