"""How long a small request takes while others trouble the server: percentiles, and whether the 99th keeps its limit.

Opens a connection for each request, as a client that comes by does; the time counts from the connect.
"""
import argparse
import socket
import time
import urllib.parse


def ask(host, port, path, timeout):
    """Seconds until the first bytes of a 200, or None if there is none."""
    start = time.perf_counter()
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            answer = connection.recv(4096)
    except OSError:
        return None
    return time.perf_counter() - start if answer.startswith(b"HTTP/1.1 200 ") else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=55)
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--limit", type=float, default=50, help="milliseconds at the 99th percentile")
    parser.add_argument("--name", default="")
    options = parser.parse_args()
    place = urllib.parse.urlsplit(options.url)

    times, lost = [], 0
    end = time.monotonic() + options.seconds
    due = time.monotonic()
    while due < end:
        time.sleep(max(0, due - time.monotonic()))
        taken = ask(place.hostname, place.port, place.path, timeout=5)
        if taken is None:
            lost += 1
        else:
            times.append(taken * 1000)
        due += 1 / options.rate
    times.sort()
    if not times:
        print(f"{options.name}: no answer at all to {lost} requests")
        return 1
    p50, p99 = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    print(
        f"{options.name}: {len(times)} answers, {lost} lost; "
        f"median {p50:.1f} ms, 99th percentile {p99:.1f} ms, longest {times[-1]:.1f} ms")
    return 0 if lost == 0 and p99 < options.limit else 1


if __name__ == "__main__":
    raise SystemExit(main())
