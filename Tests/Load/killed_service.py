#!/usr/bin/env python3
"""Kills the service, and workers beside it, with SIGKILL at random moments while they work on jobs, and starts them again.

When all kills are done and every job has ended, each shard must have counted exactly once, and each result must be byte
for byte the answer at once. The store is a file of SQLite, or a PostgreSQL server of the trial's own, which a service and
workers share.

    Tests/Load/killed_service.py BINARY [--store sqlite|postgresql] [--kills 30] [--seed 1] [--brief]
"""
import argparse
import random
import signal
import sys
import tempfile
import time

from job_trial import Database, File, Service, Worker, faults_of, read_photo, wait_for_ends

# A trial for ./test: enough shards to be killed at.
BRIEF = ["/occlusion?patch=60&stride=7", "/ablation?layer=fire9", "/deconv?layer=fire4&feature_map=top:8"]
SWEEPS = [
    "/occlusion?patch=40&stride=4",
    "/occlusion?patch=60&stride=6&target=all&of=logit",
    "/ablation?layer=fire5",
    "/deconv?layer=fire4&feature_map=top:24",
    "/activations?layer=fire3",
]


def trial(arguments, store, service, workers):
    """Kills as often as told; what is wrong in the end, and a summary."""
    chance = random.Random(arguments.seed)
    photo = read_photo()
    programs = [service, *workers]
    for program in programs:
        program.start()
    sweeps, jobs = list(BRIEF if arguments.brief else SWEEPS), {}
    killed = {name: 0 for name in ("service", "worker")}
    while sum(killed.values()) < arguments.kills:
        # New work for as long as there are kills left.
        if all(sweep in jobs and service.job(jobs[sweep])["finished"] for sweep in sweeps[-2:]):
            sweeps.append(f"/occlusion?patch={30 + len(sweeps)}&stride=4")
        for sweep in sweeps:
            if sweep not in jobs:
                jobs[sweep] = service.submit(sweep, photo)
        time.sleep(chance.uniform(0.0, arguments.longest))
        victim = chance.choice(programs)
        victim.kill()
        killed["service" if victim is service else "worker"] += 1
        victim.start()
    wait_for_ends(service, jobs, seconds=1800)
    faults, shards = faults_of(store, service, jobs, photo)
    for program in programs:
        if (ended := program.kill(signal.SIGTERM)) != 0:
            faults.append(f"after SIGTERM it ended with {ended}: {' '.join(program.command[:2])}")
    kills = " and ".join(f"{count} of a {name}" for name, count in killed.items() if count)
    return faults, f"{arguments.store}: {kills} killed, {len(jobs)} jobs of {shards} shards"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--longest", type=float, default=1.0, help="seconds between two kills at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="beside the service, with PostgreSQL")
    parser.add_argument("--brief", action="store_true", help="less work")
    arguments = parser.parse_args()
    began = time.monotonic()
    if arguments.store == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            service = Service(arguments.binary, "--data", folder)
            faults, summary = trial(arguments, File(folder), service, [])
    else:
        database = Database()
        try:
            service = Service(arguments.binary, "--store", database.address)
            workers = [Worker(arguments.binary, database.address) for _ in range(arguments.workers)]
            faults, summary = trial(arguments, database, service, workers)
        finally:
            database.stop()
    print(f"{summary} in {time.monotonic() - began:.0f} s: {'; '.join(faults) if faults else 'all well'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
