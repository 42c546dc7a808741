#!/usr/bin/env python3
"""Connections that are opened, used once and left idle: what a server holds for them, and whether it comes back."""

import time

from load import Server, arguments, percentile, raise_descriptor_limit, request, source


def main():
    parser = arguments(__doc__)
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=5, help="how long they are idle")
    options = parser.parse_args()
    raise_descriptor_limit()
    with Server(options) as server:
        server.warm_up([options.small])
        memory, descriptors = server.memory(), server.descriptors()
        clients = []
        for number in range(options.connections):
            client = server.connect(source(number))
            client.sendall(request(options.small))
            client.recv(1 << 16)
            clients.append(client)
        peak, held, latencies = server.memory(), server.descriptors() - descriptors, []
        limit = time.monotonic() + options.seconds
        while time.monotonic() < limit:
            latencies.append(server.latency())
            peak = max(peak, server.memory())
            time.sleep(0.05)
        for client in clients:
            client.close()
        print(
            f"{options.connections} connections, {held} of them kept by the server; {(peak - memory) * 1024 / max(1, held):.1f} "
            f"KB each; a normal client waited {percentile(latencies, 0.99):.1f} ms at the 99th percentile"
        )
        server.finish(memory, descriptors, peak)


main()
