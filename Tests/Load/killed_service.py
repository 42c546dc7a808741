#!/usr/bin/env python3
"""Kills the service with SIGKILL at random moments while it works on jobs, and starts it again, until every job has ended.

Then each shard must have counted exactly once, and each result must be byte for byte the answer at once.

    Tests/Load/killed_service.py BINARY [--kills 30] [--seed 1] [--models DIR]
"""
import argparse
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PHOTO = os.path.join(HERE, "..", "..", "Documentation", "Pictures", "chelsea.png")
SWEEPS = [
    "/occlusion?patch=40&stride=4",
    "/occlusion?patch=60&stride=6&target=all&of=logit",
    "/ablation?layer=fire5",
    "/deconv?layer=fire4&feature_map=top:24",
    "/activations?layer=fire3",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """The service on one port and one data folder, life after life."""

    def __init__(self, binary, models, folder):
        self.port = free_port()
        self.command = [binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", folder, "--models", models,
                        "--answer-cache-bytes", "0", "--log-level", "error"]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command)
        for _ in range(2000):
            try:
                self.ask("GET", "/healthz")
                return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    sys.exit(f"the service ended with {self.process.returncode}")
                time.sleep(0.01)
        sys.exit("the service does not answer")

    def kill(self, with_signal=signal.SIGKILL):
        self.process.send_signal(with_signal)
        return self.process.wait()

    def ask(self, method, path, body=None, fields=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method,
                                         headers=fields or {})
        with urllib.request.urlopen(request, timeout=300) as answer:
            return answer.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", default=os.path.join(HERE, "..", "..", "Models"))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    photo = open(PHOTO, "rb").read()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(arguments.binary, arguments.models, folder)
        service.start()
        jobs = {}

        def submit(sweep):
            fields = {"Content-Type": "image/png", "Prefer": "respond-async"}
            return json.loads(service.ask("POST", sweep, photo, fields))["id"]

        kills = 0
        deadline = time.monotonic() + 1800
        while True:
            # New work as long as there are kills left; a job handed in twice is the same one.
            for sweep in SWEEPS:
                if sweep not in jobs:
                    jobs[sweep] = submit(sweep)
            states = {sweep: json.loads(service.ask("GET", "/jobs/" + id)) for sweep, id in jobs.items()}
            if all(state["finished"] for state in states.values()):
                if kills >= arguments.kills:
                    break
                variant = len(SWEEPS)
                SWEEPS.append(f"/occlusion?patch={30 + variant}&stride=4")
                continue
            if time.monotonic() > deadline:
                sys.exit(f"not ended after {kills} kills: {[s['state'] for s in states.values()]}")
            if kills < arguments.kills:
                time.sleep(chance.uniform(0.0, 1.0))
                service.kill()
                kills += 1
                service.start()
            else:
                time.sleep(0.2)

        faults = []
        with sqlite3.connect(os.path.join(folder, "jobs", "jobs.sqlite")) as database:
            rows = database.execute(
                """SELECT id, state, done, total, (SELECT COUNT(*) FROM result WHERE result.job = job.number),
                          (SELECT COUNT(*) FROM event WHERE event.job = job.number AND kind = 'progress')
                   FROM job""").fetchall()
            (check,), = database.execute("PRAGMA integrity_check").fetchall()
        if check != "ok":
            faults.append(f"the file is damaged: {check}")
        for id, state, done, total, results, events in rows:
            if state != "completed" or not done == total == results == events:
                faults.append(f"{id}: {state}, {done} of {total} done, {results} results, {events} counted")
        for sweep, id in jobs.items():
            at_once = service.ask("POST", sweep, photo, {"Content-Type": "image/png"})
            later = service.ask("GET", f"/jobs/{id}/result")
            if at_once != later:
                faults.append(f"{sweep}: the result is not the answer at once")
        ended = service.kill(signal.SIGTERM)
        if ended != 0:
            faults.append(f"after SIGTERM it ended with {ended}")
        shards = sum(row[3] for row in rows)
        print(f"{kills} kills, {len(rows)} jobs of {shards} shards: {'; '.join(faults) if faults else 'all well'}")
        sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
