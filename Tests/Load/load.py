"""What the load trials share: the server under test, connections to it, and the verdict."""

import argparse
import os
import resource
import socket
import struct
import subprocess
import sys
import time
from urllib.parse import urlsplit


def arguments(description):
    """The command line of a trial, without its own options."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the server listens")
    parser.add_argument("--pid", type=int, help="the process of a server that runs already")
    parser.add_argument("--command", nargs=argparse.REMAINDER, help="starts the server itself (the last option)")
    parser.add_argument("--small", default="/healthz", help="the path of a small answer")
    parser.add_argument("--slack", type=float, default=20, help="MB that the memory may stay above the start")
    return parser


class Server:
    """A server process: what it holds, and where it listens."""

    def __init__(self, options):
        if options.pid is None and not options.command:
            sys.exit("say --pid, or --command with what starts the server")
        url = urlsplit(options.url)
        self.address = (url.hostname, url.port or 80)
        self.small = options.small
        self.slack = options.slack
        self.child = subprocess.Popen(options.command) if options.pid is None else None
        self.pid = options.pid or self.child.pid
        wait_until(lambda: self.answers(), 60, "the server answers")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child:
            self.child.terminate()
            self.child.wait(60)

    def memory(self):
        """The resident memory in MB."""
        with open(f"/proc/{self.pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024

    def descriptors(self):
        """How many descriptors are open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def connect(self, source=None, receive_bytes=None, timeout=20):
        """A connection, from a source address of the loopback network where many are needed."""
        connection = socket.socket()
        if receive_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(timeout)
        if source:
            connection.bind((source, 0))
        connection.connect(self.address)
        return connection

    def answers(self):
        try:
            with self.connect(timeout=5) as connection:
                connection.sendall(request(self.small, close=True))
                return connection.recv(100).startswith(b"HTTP/1.1 ")
        except OSError:
            return False

    def latency(self):
        """Milliseconds that a normal client waits for the small answer, its connection included."""
        start = time.monotonic()
        with self.connect() as connection:
            connection.sendall(request(self.small, close=True))
            if not connection.recv(100).startswith(b"HTTP/1.1 200"):
                sys.exit("a normal client was not answered with 200")
        return (time.monotonic() - start) * 1000

    def warm_up(self, paths):
        """Lets the server allocate what it keeps."""
        for path in paths * 20:
            with self.connect() as connection:
                connection.sendall(request(path, close=True))
                while connection.recv(1 << 20):
                    pass
        time.sleep(1)

    def finish(self, memory, descriptors, peak):
        """Waits for memory and descriptors to return to what they were: the verdict, and the exit status."""
        returns = lambda: self.memory() <= memory + self.slack and self.descriptors() <= descriptors
        is_good = wait_until(returns, 60)
        print(
            f"memory {memory:.1f} MB before, {peak:.1f} MB at the peak, {self.memory():.1f} MB after; "
            f"descriptors {descriptors} before, {self.descriptors()} after: {'good' if is_good else 'BAD'}"
        )
        sys.exit(0 if is_good else 1)


def request(path, close=False):
    """A request without a body."""
    return f"GET {path} HTTP/1.1\r\nHost: load\r\n{'Connection: close' if close else 'Accept: */*'}\r\n\r\n".encode()


def reset(connection):
    """Closes with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def source(number):
    """One of the addresses of 127.0.0.0/8, 200 connections each: fewer than one peer may have."""
    host = number // 200
    return f"127.1.{host // 250}.{host % 250 + 1}"


def wait_until(condition, seconds, what=None):
    """Whether the condition comes true in time; ends the trial if it does not and `what` says what it is."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            if what:
                sys.exit(f"after {seconds} s it is still not so that {what}")
            return False
        time.sleep(0.1)
    return True


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
