#!/usr/bin/env python3
"""Clients that go away while a long explanation is computed for them: how soon the computation stops.

curl is killed, or a connection is reset, at some time into a sweep; the processor time of the server's threads then
tells to a millisecond when nobody computes any more. A client that only ends its sending direction still waits, so its
sweep must go on to the answer.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from load import Server, arguments, percentile, reset


class Threads:
    """When the threads of a process last had something to do."""

    def __init__(self, pid):
        self.folder = f"/proc/{pid}/task"

    def busy(self):
        """Nanoseconds that all threads together have run, or waited for a processor to run on."""
        total = 0
        for task in os.listdir(self.folder):
            try:
                with open(f"{self.folder}/{task}/schedstat") as file:
                    run, wait, _ = file.read().split()
            except FileNotFoundError:
                continue
            total += int(run) + int(wait)
        return total

    def watch(self, is_over):
        """(instant, nanoseconds) pairs, a millisecond apart, until told."""
        samples = []
        while not is_over():
            samples.append((time.monotonic(), self.busy()))
            time.sleep(0.001)
        return samples


def last_work(samples, share=0.5, window=4):
    """The end of the last stretch of some samples in which the threads were busy for more than that share of it."""
    for index in range(len(samples) - 1, window - 1, -1):
        (start, before), (end, after) = samples[index - window], samples[index]
        if after - before > share * (end - start) * 1e9:
            return end
    return samples[0][0]


def head(target, length):
    return (
        f"POST {target} HTTP/1.1\r\nHost: load\r\nContent-Type: image/png\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def kill_curl(server, options):
    """Starts curl; the function that kills it."""
    url = "http://%s:%d%s" % (*server.address, options.long)
    child = subprocess.Popen(
        ["curl", "-s", "-o", os.devnull, "-H", "Content-Type: image/png", "--data-binary", "@" + options.image, url]
    )

    def leave():
        child.send_signal(signal.SIGKILL)
        child.wait()

    return leave


def reset_connection(server, options):
    """Sends the request; the function that resets its connection."""
    with open(options.image, "rb") as file:
        image = file.read()
    connection = server.connect()
    connection.sendall(head(options.long, len(image)) + image)
    return lambda: reset(connection)


def departure(server, options, begin):
    """Milliseconds from the client's end to that of the computation."""
    threads, over = Threads(server.pid), threading.Event()
    leave = begin(server, options)
    start, before = time.monotonic(), threads.busy()
    while threads.busy() - before < 0.2e9:
        if time.monotonic() - start > 30:
            sys.exit("the server does not compute")
        time.sleep(0.005)
    time.sleep(random.uniform(0, options.within))
    samples = []
    watcher = threading.Thread(target=lambda: samples.extend(threads.watch(over.is_set)))
    watcher.start()
    time.sleep(0.02)
    left = time.monotonic()
    leave()
    gone = time.monotonic()
    time.sleep(options.watch)
    over.set()
    watcher.join()
    end = last_work(samples)
    if end > samples[-1][0] - 0.05:
        return float("inf")
    return max(0, end - (left + gone) / 2) * 1000


def half_close(server, options):
    """Whether a client that only sends no more gets its answer."""
    with open(options.image, "rb") as file:
        image = file.read()
    with server.connect(timeout=300) as connection:
        connection.sendall(head(options.short, len(image)) + image)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(1 << 20):
            answer += piece
    while answer.startswith(b"HTTP/1.1 100"):
        answer = answer.split(b"\r\n\r\n", 1)[1]
    return answer.startswith(b"HTTP/1.1 200")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--image", required=True, help="the file of a PNG")
    parser.add_argument("--long", default="/occlusion?stride=4", help="an explanation that takes many seconds")
    parser.add_argument("--short", default="/occlusion?stride=16", help="one that takes a second or so")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--within", type=float, default=1, help="seconds into the computation at most, at random")
    parser.add_argument("--watch", type=float, default=1, help="seconds to watch after each departure")
    parser.add_argument("--limit", type=float, default=100, help="milliseconds within which every computation must stop")
    options = parser.parse_args()
    if not shutil.which("curl"):
        sys.exit("curl is not installed")
    is_good = True
    with Server(options) as server:
        server.warm_up([options.small])
        for name, begin in [("curl killed", kill_curl), ("connection reset", reset_connection)]:
            times = [departure(server, options, begin) for _ in range(options.trials)]
            is_good &= max(times) <= options.limit
            print(
                f"{name}, {options.trials} trials: the computation stopped after {percentile(times, 0.5):.0f} ms at "
                f"the median, {max(times):.0f} ms at most"
            )
        answered = sum(half_close(server, options) for _ in range(3))
        is_good &= answered == 3
        print(f"half-closed, 3 trials: {answered} answered")
    print("good" if is_good else "BAD")
    sys.exit(0 if is_good else 1)


main()
