"""A page on an allowed origin shows a heatmap by <img>; reloading it costs no computation; where no origin is allowed,
the page shows nothing.

Starts the service, stores a photo, serves a page from another origin, opens it in headless Chromium, and asks /metrics
how often an occlusion was computed.
"""
import argparse
import contextlib
import functools
import hashlib
import http.server
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import urllib.request

root = pathlib.Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><title>waiting</title><p>The heatmap of another origin:</p>
<img id=heatmap src="{source}">
<script>
// The first load is followed by a reload, which asks whether what the browser holds is current.
const image = document.getElementById("heatmap");
const say = text => {{ document.title = text; }};
image.addEventListener("error", () => say("refused"));
image.addEventListener("load", () => {{
  if (sessionStorage.getItem("loaded")) return say("shown again, " + image.naturalWidth + " pixels wide");
  sessionStorage.setItem("loaded", "yes");
  location.reload();
}});
</script>
"""


class Page(http.server.BaseHTTPRequestHandler):
    """Answers everything with one page."""

    def __init__(self, text, *arguments):
        self.text = text.encode()
        super().__init__(*arguments)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.text)))
        self.end_headers()
        self.wfile.write(self.text)

    def log_message(self, *arguments):
        pass


def serve(text):
    """A server of the page on a free port: its origin."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Page, text))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def fetch(url, **keywords):
    with urllib.request.urlopen(urllib.request.Request(url, **keywords), timeout=60) as answer:
        return answer.headers, answer.read()


def computations(service):
    """How many occlusions have been computed."""
    text = fetch(service + "/metrics")[1].decode()
    counts = re.findall(r'^switchback_compute_seconds_count\{[^}]*"occlusion"[^}]*\} (\d+)', text, re.M)
    return sum(map(int, counts))


def title(url, profile, picture=None):
    """The page's title once Chromium has loaded it and its scripts have had a minute of virtual time."""
    command = [
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=800,700",
        f"--user-data-dir={profile}", "--virtual-time-budget=60000",
        f"--screenshot={picture}" if picture else "--dump-dom", url,
    ]
    output = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True).stdout
    found = re.search(r"<title>(.*?)</title>", output)
    return found[1] if found else ""


@contextlib.contextmanager
def running(options, *arguments):
    """The service, ready, for as long as the block runs."""
    address = f"127.0.0.1:{options.port}"
    command = [options.program, "serve", "--models", str(root / "Models"), "--listen", address, *arguments]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                fetch(f"http://{address}/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built program, switchback")
    parser.add_argument("--port", type=int, default=8096)
    parser.add_argument("--screenshot", help="also write a picture of the page to this PNG file")
    options = parser.parse_args()

    service = f"http://127.0.0.1:{options.port}"
    photo = (root / "Documentation/Pictures/chelsea.png").read_bytes()
    digest = hashlib.sha256(photo).hexdigest()
    page = PAGE.format(source=f"{service}/occlusion?image={digest}&format=png&patch=57&stride=28&width=480")
    origin = serve(page)
    faults = []

    def expect(what, found, wanted):
        print(f"{'ok  ' if found == wanted else 'FAIL'} {what}: {found}" + ("" if found == wanted else f", not {wanted}"))
        if found != wanted:
            faults.append(what)

    with running(options, "--allow-origin", origin), tempfile.TemporaryDirectory() as profile:
        headers, _ = fetch(service + "/images", data=photo, headers={"Content-Type": "image/png"})
        expect("the photo's address", headers["Location"], f"/images/{digest}")
        expect("computed before", computations(service), 0)
        expect("the page of the allowed origin", title(origin, profile), "shown again, 480 pixels wide")
        expect("computed for a load and a reload", computations(service), 1)
        expect("the page in a new window", title(origin, profile), "shown again, 480 pixels wide")
        expect("computed for all of them", computations(service), 1)
        if options.screenshot:
            title(origin, profile, options.screenshot)
    with running(options), tempfile.TemporaryDirectory() as profile:
        fetch(service + "/images", data=photo, headers={"Content-Type": "image/png"})
        expect("the page where no origin is allowed", title(origin, profile), "refused")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
