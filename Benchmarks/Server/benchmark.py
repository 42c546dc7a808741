"""Measures Switchback's HTTP server against nginx.

Started by ./run, which builds `http-anchor`. Each server has the first core for itself, all of its threads on it, and the
load comes from the second. The two take turns in short blocks, so that whatever else the machine does meets both alike;
what counts is the median of the ratios of neighbouring blocks. The processor time that a request costs the server,
which other work on the machine disturbs less than its rate, is measured beside it.

nginx answers `return 200` with the same body: one worker, access log off, connections kept.

The load comes from `requester`, which takes a read and a write for an answer. wrk asks the poll twice besides, so that its
own core is busy before a server's is, and what it measures of a small answer is itself; `--wrk` has it make the load.
"""
import argparse
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

MEGABYTE = 1 << 20
UPLOAD = 5 * MEGABYTE
SERVER_CORE, LOAD_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")
ECHO_MODULE = "/usr/lib/nginx/modules/ngx_http_echo_module.so"

NGINX = """
worker_processes 1;
daemon off;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
{modules}
events {{ worker_connections 20000; }}
http {{
    access_log off;
    default_type text/plain;
    keepalive_requests 1000000000;
    keepalive_timeout 75s;
    tcp_nodelay on;
    sendfile on;
    open_file_cache max=10;
    client_max_body_size 8m;
    client_body_buffer_size 8m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 200 "ok\\n"; }}
        location /megabyte {{
            default_type application/octet-stream;
            set $a "{block}";
            set $b "{eight}";
            set $c "{sixteen}";
            return 200 "{last}";
        }}
        location /file {{ root {folder}; }}
        {read}
    }}
}}
"""


class Case:
    def __init__(self, name, path, connections, target=None, peer="nginx, `return 200`", peer_path=None, upload=False):
        self.name, self.path, self.connections, self.target = name, path, connections, target
        self.peer, self.peer_path, self.upload = peer, peer_path or path, upload


CASES = [
    Case("small answers from the loop, 64 connections", "/empty", 64, 1.0),
    Case("small answers from the loop, 1,000 connections", "/empty", 1000, 1.0),
    Case("small answers through the handler queue, 64 connections", "/queued", 64, 0.7),
    Case("small answers through the handler queue, 1,000 connections", "/queued", 1000, 0.7),
    Case("1 MB answers, 16 connections", "/megabyte", 16, 1.0),
    Case("1 MB answers, 16 connections", "/megabyte", 16, None, "nginx, file by `sendfile`", "/file"),
    Case("5 MB uploads, 4 connections", "/upload", 4, 0.8, upload=True),
    Case("5 MB uploads, 4 connections", "/upload", 4, None, "nginx, body read into memory", "/read", upload=True),
]


class Server:
    """A process on the server's core that answers on a port."""

    def __init__(self, command, port):
        self.port = port
        self.process = subprocess.Popen(["taskset", "-c", str(SERVER_CORE)] + command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def processor_seconds(self):
        """Of the process and its children, threads included."""
        pids = [self.process.pid]
        with open(f"/proc/{pids[0]}/task/{pids[0]}/children") as file:
            pids += file.read().split()
        total = 0
        for pid in pids:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def __enter__(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise SystemExit(f"nothing answers on port {self.port}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def nginx_command(folder, port):
    """Writes what nginx needs into the folder; the command that starts it."""
    os.chmod(folder, 0o755)
    with open(os.path.join(folder, "file"), "wb") as file:
        file.write(b"x" * MEGABYTE)
    has_echo = os.path.exists(ECHO_MODULE)
    configuration = NGINX.format(
        folder=folder, port=port, block="x" * 2048, eight="$a" * 8, sixteen="$b" * 16, last="$c" * 4,
        modules=f"load_module {ECHO_MODULE};" if has_echo else "",
        read="location /read { echo_read_request_body; echo ok; }" if has_echo else "")
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w") as file:
        file.write(configuration)
    return ["nginx", "-c", path]


class Requester:
    """The load of the program of ours."""

    def __init__(self, binary):
        self.binary = binary

    def __call__(self, port, path, connections, seconds):
        """How many requests were answered, and how many a second."""
        output = subprocess.run(
            ["taskset", "-c", str(LOAD_CORE), self.binary, str(port), path, str(connections), str(seconds)],
            stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        return int(output[0]), int(output[0]) / float(output[1])


def wrk(port, path, connections, seconds):
    """The same of wrk's load."""
    output = subprocess.run(
        ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
         f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        print(output, file=sys.stderr)
    return int(re.search(r"(\d+) requests in", output)[1]), float(re.search(r"Requests/sec: +([\d.]+)", output)[1])


def upload(port, path, connections, seconds):
    """The same for uploads: each client sends all of its body, then waits for the answer."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {UPLOAD}\r\n\r\n".encode()
    message = head + b"x" * UPLOAD
    counts = [0] * connections
    end = time.monotonic() + seconds

    def client(index):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.monotonic() < end:
                connection.sendall(message)
                answer = b""
                while b"ok\n" not in answer:
                    piece = connection.recv(65536)
                    if not piece:
                        raise SystemExit(f"the connection ended: {answer!r}")
                    answer += piece
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise SystemExit(f"an upload was refused: {answer!r}")
                counts[index] += 1

    start = time.monotonic()
    threads = [threading.Thread(target=client, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), sum(counts) / (time.monotonic() - start)


def block(server, case, path, load, seconds):
    """The rate, and the processor microseconds of the server a request."""
    before = server.processor_seconds()
    count, rate = (upload if case.upload else load)(server.port, path, case.connections, seconds)
    return rate, (server.processor_seconds() - before) / max(count, 1) * 1e6


def measure(case, ours, theirs, load, rounds, seconds):
    results = {"ours": [], "theirs": []}
    for round in range(rounds + 1):
        order = [("ours", ours, case.path), ("theirs", theirs, case.peer_path)]
        for name, server, path in order if round % 2 else reversed(order):
            result = block(server, case, path, load, seconds)
            if round > 0:           # the first is a warm-up
                results[name].append(result)
    median = statistics.median
    pairs = list(zip(results["ours"], results["theirs"]))
    return {
        "ours": median(r for r, _ in results["ours"]), "theirs": median(r for r, _ in results["theirs"]),
        "ratio": median(a[0] / b[0] for a, b in pairs),
        "ours_cpu": median(c for _, c in results["ours"]), "theirs_cpu": median(c for _, c in results["theirs"]),
    }


def row(case, result):
    target = f"≥ {case.target:g}" if case.target else "–"
    return (f"| {case.name} | {result['ours']:,.0f} | {case.peer} | {result['theirs']:,.0f} | **{result['ratio']:.2f}** "
            f"| {target} | {result['ours_cpu']:,.1f} | {result['theirs_cpu']:,.1f} |")


def versions():
    nginx = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip().split("/")[-1]
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    return f"{model[1] if model else platform.machine()}; Linux {platform.release()}; nginx {nginx}."


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("requester")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3, help="of each block")
    parser.add_argument("--only", help="cases whose name contains this")
    parser.add_argument("--port", type=int, default=18200, help="this one and the next")
    parser.add_argument("--wrk", action="store_true", help="have wrk make the load")
    parser.add_argument("--output", help="a file for the table")
    arguments = parser.parse_args()
    if os.cpu_count() < 2:
        raise SystemExit("two cores are needed")
    if arguments.wrk and not shutil.which("wrk"):
        raise SystemExit("there is no wrk: install Debian's package 'wrk'")
    return arguments


def write(arguments, lines):
    load = "wrk" if arguments.wrk else "`requester`"
    with open(arguments.output, "w") as file:
        file.write(f"# Results\n\nWritten by `Benchmarks/Server/run`.\n\n{versions()} Each server on one core, the load "
                   f"from another, by {load}; {arguments.rounds} rounds of {arguments.seconds} s, in turns. Medians; the ratio "
                   "is the median of the ratios of neighbouring blocks, so above 1 Switchback is faster.\n\n"
                   + "\n".join(lines) + "\n")


def main():
    arguments = parse()
    load = wrk if arguments.wrk else Requester(arguments.requester)
    # Uploads come from this process.
    os.sched_setaffinity(0, {LOAD_CORE})
    lines = ["| Work | Switchback, requests/s | Peer | Peer, requests/s | Ratio | Target | Switchback, CPU µs a request "
             "| Peer, CPU µs |", "|---|---|---|---|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory() as folder, Server(
            [arguments.binary, str(arguments.port)], arguments.port) as ours, Server(
            nginx_command(folder, arguments.port + 1), arguments.port + 1) as theirs:
        for case in CASES:
            if arguments.only and arguments.only not in case.name:
                continue
            if case.peer_path == "/read" and not os.path.exists(ECHO_MODULE):
                continue
            lines.append(row(case, measure(case, ours, theirs, load, arguments.rounds, arguments.seconds)))
            print(lines[-1], flush=True)
    if arguments.output:
        write(arguments, lines)


if __name__ == "__main__":
    main()
