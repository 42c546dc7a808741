#!/usr/bin/env python3
"""All that clients can make the service hold, at the same time: whether its memory keeps the bound that is stated.

For a bounded time some clients upload images as large as are taken, some slowly and some at once; some have the largest
pictures drawn; some read large answers as slowly as they may; and thousands begin requests and go no further. The
highest resident memory that the kernel has seen (VmHWM) is held against the bound, and what is left afterwards against
what there was before.
"""

import os
import random
import struct
import sys
import threading
import time
import zlib
from collections import Counter

from load import Server, arguments, percentile, raise_descriptor_limit, request, source


def chunk(kind, data):
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, row):
    """A PNG file of RGB rows, which `row` gives by their number."""
    packer = zlib.compressobj(1)
    data = b"".join([packer.compress(b"\0" + row(number)) for number in range(height)] + [packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def another(image):
    """The same picture in a file with a digest of its own: a comment stands before the end of the PNG."""
    end = chunk(b"IEND", b"")
    return image.removesuffix(end) + chunk(b"tEXt", b"Comment\0" + random.randbytes(16).hex().encode()) + end


class Crowd:
    """Clients of several kinds that go on until they are told to stop."""

    def __init__(self, server, seconds):
        self.server = server
        self.end = time.monotonic() + seconds
        self.threads = []
        self.outcomes = Counter()

    def add(self, count, body):
        """So many threads, each with an address of its own, that repeat `body`."""
        for _ in range(count):
            number = len(self.threads)
            thread = threading.Thread(target=self.repeat, args=(body, f"127.2.{number // 250}.{number % 250 + 1}"))
            self.threads.append(thread)

    def repeat(self, body, address):
        while time.monotonic() < self.end:
            try:
                outcome = body(address)
            except OSError as error:
                outcome = type(error).__name__
            self.outcomes[f"{body.__name__.replace('_', ' ')}: {outcome}"] += 1
            time.sleep(0.05)

    def post(self, address, target, body, pause=0):
        """The status of an upload, sent in pieces with pauses between them."""
        with self.server.connect(address, timeout=150) as connection:
            connection.sendall(
                f"POST {target} HTTP/1.1\r\nHost: load\r\nConnection: close\r\nContent-Type: image/png\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
            )
            for start in range(0, len(body), 1 << 16):
                if pause and time.monotonic() > self.end:
                    return "given up"
                connection.sendall(body[start : start + (1 << 16)])
                time.sleep(pause)
            status = connection.recv(1 << 16)[9:12].decode()
            while connection.recv(1 << 20):
                pass
            return status or "closed"

    def stall(self, address, target, requests):
        """Pipelines requests and takes a little of the answers now and then."""
        with self.server.connect(address, receive_bytes=4096, timeout=30) as connection:
            connection.sendall(request(target) * requests)
            while time.monotonic() < self.end:
                if not connection.recv(9000):
                    return "closed"
                time.sleep(1)
            return "stalled to the end"


def high_water(server):
    """The highest resident memory so far in MB."""
    with open(f"/proc/{server.pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def worst_head():
    """Most of the largest head, of the parts that take most memory.

    A path of many segments and a query of many short pairs, neither of which stands as it is decoded; fields with long
    names in capitals, which are kept in small letters too; and a long line that does not end.
    """
    path = "/" * 3000 + "%41"
    query = "&".join(f"{number % 10}=%42" for number in range(800))
    fields = "".join(f"X-{number:02}-{'ABCDEFGH' * 30}: 1\r\n" for number in range(96))
    line = "X-LAST: " + "a" * (32_000 - len(fields))
    return f"GET {path}?{query} HTTP/1.1\r\nHost: load\r\n{fields}{line}".encode()


def half_sent_heads(server, count):
    """Connections that have sent most of the largest head, and send no more of it."""
    head = worst_head()
    connections = []
    for number in range(count):
        try:
            connection = server.connect(source(number))
            connection.sendall(head)
            connections.append(connection)
        except OSError:
            break
    return connections


def fill(crowd, kept, options):
    """All kinds of clients."""
    flat = png(7071, 7071, lambda _: b"\x80" * (3 * 7071))
    noisy = png(3300, 3300, lambda _: random.randbytes(3 * 3300))
    print(f"the flat image has {len(flat) / 1e6:.1f} MB and 50 million pixels, the noisy one {len(noisy) / 1e6:.1f} MB")

    def most_pixels(address):
        return crowd.post(address, "/predict", flat)

    def most_bytes(address):
        return crowd.post(address, "/images", another(noisy))

    def slow_upload(address):
        return crowd.post(address, "/predict", noisy, pause=0.1)

    def large_pictures(address):
        view = random.choice(options.pictures.split())
        return crowd.post(address, view, open(options.image, "rb").read())

    def slow_reader(address):
        return crowd.stall(address, kept, 20)

    for count, body in [
        (8, most_pixels), (8, most_bytes), (40, slow_upload), (6, large_pictures), (400, slow_reader),
    ]:
        crowd.add(count, body)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--image", required=True, help="the file of an ordinary PNG")
    parser.add_argument("--bound", type=float, required=True, help="MB that the memory may reach")
    parser.add_argument(
        "--kept", type=float, default=576,
        help="MB that may be left: the program, its model and buffers (192), and what is kept on purpose (384)",
    )
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--heads", type=int, default=3000, help="connections with a head half sent")
    parser.add_argument(
        "--pictures", help="explanations with large pictures and answers",
        default="/predict?format=png&width=2900&top=40 /activations?format=png&width=4096&layer=fire9 "
        "/deconv?feature_map=top:100&layer=fire9&format=png&width=1400&view=pair "
        "/deconv?feature_map=top:100&layer=fire9 /ablation?format=png&width=4096&view=grid "
        "/occlusion?stride=32&format=png&view=figure&width=4096 "
        "/occlusion?stride=32&format=png&view=overlay&width=4096",
    )
    options = parser.parse_args()
    raise_descriptor_limit()
    with Server(options) as server:
        server.warm_up([options.small])
        with open(options.image, "rb") as file:
            crowd = Crowd(server, options.seconds)
            crowd.post("127.2.250.1", "/predict", file.read())
        time.sleep(1)
        memory, descriptors = server.memory(), server.descriptors()
        kept = store(server, png(3200, 3200, lambda _: random.randbytes(3 * 3200)))
        crowd = Crowd(server, options.seconds)
        fill(crowd, kept, options)
        heads = half_sent_heads(server, options.heads)
        for thread in crowd.threads:
            thread.start()
        latencies, lost = watch(server, crowd.end)
        for thread in crowd.threads:
            thread.join()
        for connection in heads:
            connection.close()
        report(server, crowd, latencies, lost, memory, descriptors, options)


def store(server, image):
    """The path of an image that the service keeps, the first large answer of all."""
    with server.connect(timeout=60) as connection:
        connection.sendall(
            f"POST /images HTTP/1.1\r\nHost: load\r\nConnection: close\r\nContent-Type: image/png\r\n"
            f"Content-Length: {len(image)}\r\n\r\n".encode() + image
        )
        answer = b""
        while piece := connection.recv(1 << 16):
            answer += piece
    location = next(line for line in answer.split(b"\r\n") if line.lower().startswith(b"location:"))
    return location.split()[1].decode()


def watch(server, end):
    """How long a normal client waits meanwhile, and how often it was not answered."""
    latencies, lost = [], 0
    while time.monotonic() < end:
        try:
            latencies.append(server.latency())
        except OSError:
            lost += 1
        time.sleep(0.1)
    return latencies, lost


def report(server, crowd, latencies, lost, memory, descriptors, options):
    for outcome, count in sorted(crowd.outcomes.items()):
        print(f"  {outcome} {count}")
    peak = high_water(server)
    print(
        f"a normal client waited {percentile(latencies, 0.5):.1f} ms at the median, {percentile(latencies, 0.99):.1f} ms "
        f"at the 99th percentile; {lost} of {len(latencies) + lost} not answered"
    )
    print(f"VmHWM {peak:.0f} MB, bound {options.bound:.0f} MB: {'good' if peak <= options.bound else 'BAD'}")
    if peak > options.bound:
        sys.exit(1)
    server.slack = max(server.slack, options.kept - memory)
    server.finish(memory, descriptors, peak)


main()
