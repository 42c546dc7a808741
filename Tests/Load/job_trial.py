"""What the trials of jobs share: stores, services and workers as processes, and what must be true of jobs in the end."""

import glob
import json
import os
import re
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
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
PHOTO = os.path.join(ROOT, "Documentation", "Pictures", "chelsea.png")
MODELS = os.path.join(ROOT, "Models")


def free_port(host="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def wait_until(what, is_so, seconds=60, pause=0.02):
    """Asks time and again; ends the trial where it is not so in time."""
    end = time.monotonic() + seconds
    while True:
        answer = is_so()
        if answer:
            return answer
        if time.monotonic() > end:
            sys.exit(f"not within {seconds} s: {what}")
        time.sleep(pause)


class Database:
    """A PostgreSQL server of the trial's own, in a folder of its own; nothing of it is kept."""

    def __init__(self, host=None, fsync=False):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(re.search(r"\d+", path)[0]))
        if not programs:
            sys.exit("there is no initdb under /usr/lib/postgresql: install Debian's package 'postgresql'")
        self.programs = programs[-1]
        self.folder = tempfile.TemporaryDirectory(prefix="jobs-postgres.")
        self.place = self.folder.name
        self.host = host
        self.port = free_port() if host else 5432
        self.prefix = []
        if os.getuid() == 0:
            # The server refuses to run as root.
            self.prefix = ["runuser", "-u", "postgres", "--"]
            subprocess.run(["chown", "postgres", self.place], check=True)
        self.run("initdb", "-D", "data", "-U", "switchback", "-A", "trust", "-E", "UTF8", "--no-sync")
        if host:
            with open(f"{self.place}/data/pg_hba.conf", "a", encoding="ascii") as access:
                access.write("host all all samenet trust\nhost all all 127.0.0.0/8 trust\n")
        self.options = (f"-c listen_addresses='{host or ''}' -c port={self.port} "
                        f"-c unix_socket_directories='{self.place}' -c fsync={'on' if fsync else 'off'}")
        self.control("start")

    def run(self, program, *arguments):
        done = subprocess.run([*self.prefix, f"{self.programs}/{program}", *arguments], cwd=self.place, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            sys.exit(f"{program} failed: {done.stdout}")

    def control(self, what, mode="fast"):
        """What pg_ctl is told: start, stop, restart."""
        # Not over a pipe, which the server would keep open for as long as it lives.
        done = subprocess.run([*self.prefix, f"{self.programs}/pg_ctl", "-D", "data", "-l", "log", "-w",
                               *([] if what == "start" else ["-m", mode]), "-o", self.options, what],
                              cwd=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            with open(f"{self.place}/log", encoding="utf8") as log:
                sys.exit(f"pg_ctl {what} failed: {log.read()[-2000:]}")

    def stop(self):
        self.control("stop", mode="immediate")
        self.folder.cleanup()

    @property
    def address(self):
        """As the service and the workers are told it."""
        if self.host:
            return f"postgresql://switchback@{self.host}:{self.port}/postgres"
        return f"postgresql:///postgres?host={self.place}&user=switchback"

    def query(self, sql):
        """Rows of texts, asked over the server's socket in its folder."""
        done = subprocess.run([f"{self.programs}/psql", "-X", "-q", "-At", "-F", "\t", "-h", self.place,
                               "-p", str(self.port), "-U", "switchback", "-d", "postgres", "-c", sql],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def jobs(self, sql):
        return self.query(f"SET search_path TO switchback; {sql}")

    def is_whole(self):
        return True


class File:
    """The store in a file of SQLite, below a data folder."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "jobs", "jobs.sqlite")

    def jobs(self, sql):
        with sqlite3.connect(self.path) as database:
            return database.execute(sql).fetchall()

    def is_whole(self):
        return self.jobs("PRAGMA integrity_check") == [("ok",)]


class Program:
    """A process that is started time and again with the same words."""

    def __init__(self, command, environment=None, log=None):
        self.command = command
        self.environment = {**os.environ, **(environment or {})}
        self.log = log
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.environment, stderr=self.log)

    def kill(self, with_signal=signal.SIGKILL):
        self.process.send_signal(with_signal)
        return self.process.wait(60)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None


class Worker(Program):
    """A worker on a shared store."""

    def __init__(self, binary, store, *flags, prefix=(), level="error", **surroundings):
        super().__init__([*prefix, binary, "worker", "--store", store, "--models", MODELS, "--log-level", level,
                          *flags], **surroundings)


class Service(Program):
    """The service on one port, life after life."""

    def __init__(self, binary, *flags, prefix=(), level="error", **surroundings):
        self.port = free_port()
        super().__init__([*prefix, binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--models", MODELS,
                          "--answer-cache-bytes", "0", "--request-timeout", "1 h", "--log-level", level, *flags], **surroundings)

    def start(self):
        super().start()

        def answers():
            try:
                return self.ask("GET", "/healthz")
            except OSError:
                if not self.is_running:
                    sys.exit(f"the service ended with {self.process.returncode}")
        wait_until("the service answers", answers, pause=0.01)

    def ask(self, method, path, body=None, fields=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method,
                                         headers=fields or {})
        with urllib.request.urlopen(request, timeout=300) as answer:
            return answer.read()

    def refusal(self, method, path, body=None, fields=None):
        """Status and problem document of a request that is refused; None where it is not."""
        try:
            self.ask(method, path, body, fields)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        return None

    def submit(self, sweep, photo):
        """The id of the job that a sweep becomes; one that is handed in twice is the same job."""
        fields = {"Content-Type": "image/png", "Prefer": "respond-async"}
        return json.loads(self.ask("POST", sweep, photo, fields))["id"]

    def job(self, job_id):
        return json.loads(self.ask("GET", "/jobs/" + job_id))


def read_photo():
    with open(PHOTO, "rb") as file:
        return file.read()


def wait_for_ends(service, jobs, seconds=600):
    """Waits until every job has ended."""
    def ended():
        return all(service.job(job_id)["finished"] for job_id in jobs.values())
    wait_until("every job has ended", ended, seconds, pause=0.2)


def faults_of(store, service, jobs, photo):
    """What is wrong with jobs that should be completed, and the number of shards.

    `jobs` has the id of each sweep; `photo` is the image of all, or has that of each.
    """
    faults = []
    if not store.is_whole():
        faults.append("the file is damaged")
    rows = store.jobs(
        """SELECT id, state, done, total, (SELECT COUNT(*) FROM result WHERE result.job = job.number),
                  (SELECT COUNT(*) FROM shard WHERE shard.job = job.number AND shard.state = 2),
                  (SELECT COUNT(*) FROM event WHERE event.job = job.number AND kind = 'progress')
           FROM job""")
    for job_id, state, *numbers in rows:
        done, total, results, shards, events = map(int, numbers)
        if state != "completed" or not done == total == results == shards == events:
            faults.append(f"{job_id}: {state}, {done} of {total} done, {shards} shards, {results} results, "
                          f"{events} counted")
    if len(rows) != len(jobs):
        faults.append(f"{len(rows)} jobs instead of {len(jobs)}")
    for sweep, job_id in jobs.items():
        image = photo[sweep] if isinstance(photo, dict) else photo
        at_once = service.ask("POST", sweep, image, {"Content-Type": "image/png"})
        if at_once != service.ask("GET", f"/jobs/{job_id}/result"):
            faults.append(f"{sweep}: the result is not the answer at once")
    return faults, sum(int(row[3]) for row in rows)
