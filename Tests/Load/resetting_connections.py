#!/usr/bin/env python3
"""Connections that end with a reset, at four points of a request: whether a server keeps anything of them."""

import time

from load import Server, arguments, raise_descriptor_limit, request, reset, source


def main():
    parser = arguments(__doc__)
    parser.add_argument("--large", help="the path of a large answer, which is then left unread")
    parser.add_argument("--connections", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=300, help="how long it may take")
    options = parser.parse_args()
    raise_descriptor_limit()
    with Server(options) as server:
        large = options.large or options.small
        server.warm_up([options.small, large])
        memory, descriptors = server.memory(), server.descriptors()
        peak, made, start = memory, 0, time.monotonic()
        pieces = [b"", request(options.small)[:-10], request(options.small), request(large)]
        while made < options.connections and time.monotonic() - start < options.seconds:
            connection = server.connect(source(made % 5000), receive_bytes=4096)
            piece = pieces[made % len(pieces)]
            if piece:
                connection.sendall(piece)
            reset(connection)
            made += 1
            if made % 1000 == 0:
                peak = max(peak, server.memory())
        elapsed = time.monotonic() - start
        print(f"{made} connections reset in {elapsed:.1f} s; a normal client waits {server.latency():.1f} ms")
        server.finish(memory, descriptors, peak)


main()
