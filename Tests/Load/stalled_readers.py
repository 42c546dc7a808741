#!/usr/bin/env python3
"""Clients that pipeline requests for large answers and read none of them: what a server holds for them, and whether it
comes back."""

import time

from load import Server, arguments, percentile, request


def main():
    parser = arguments(__doc__)
    parser.add_argument("--large", required=True, help="the path of an answer of about 1 MB")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10, help="how long they stall")
    options = parser.parse_args()
    with Server(options) as server:
        server.warm_up([options.small, options.large])
        memory, descriptors = server.memory(), server.descriptors()
        clients = [server.connect(receive_bytes=4096) for _ in range(options.clients)]
        for client in clients:
            client.sendall(request(options.large) * options.requests)
        peak, latencies = memory, []
        limit = time.monotonic() + options.seconds
        while time.monotonic() < limit:
            latencies.append(server.latency())
            peak = max(peak, server.memory())
            time.sleep(0.05)
        for client in clients:
            client.close()
        print(
            f"{options.clients} readers stalled, {options.requests} requests each; a normal client waited "
            f"{percentile(latencies, 0.5):.1f} ms at the median, {percentile(latencies, 0.99):.1f} ms at the 99th percentile"
        )
        server.finish(memory, descriptors, peak)


main()
