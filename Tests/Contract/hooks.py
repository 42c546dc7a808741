"""Real images for Schemathesis, which knows nothing of them: a photo, small pictures of every kind, and broken ones.

A positive case gets images and values that the service must take; a negative one keeps what Schemathesis made.
"""
import ast
import base64
import hashlib
import json
import pathlib
import random
import struct
import time
import urllib.request
import zlib

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation.meta import TestPhase
from schemathesis.transport.serialization import Binary

root = pathlib.Path(__file__).resolve().parents[2]
photo = (root / "Documentation/Pictures/chelsea.png").read_bytes()


def png(width, height, colour_type=2, depth=8):
    """A PNG of a ramp, without a library."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour_type] * depth // 8
    rows = b"".join(b"\0" + bytes((x * 7 + y * 3) % 256 for x in range(width * samples)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def npy(shape):
    """The network's input: zeros in NPY, as numpy writes them."""
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': %r, }" % (shape,)
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    size = 4
    for side in shape:
        size *= side
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin1") + bytes(size)


images = st.sampled_from([photo, png(1, 1), png(16, 16), png(300, 7), png(31, 64, 6), png(20, 20, 0), png(9, 9, 2, 16)])

schemathesis.openapi.media_type("image/*", images)
schemathesis.openapi.media_type("application/octet-stream", images)
archive = (root / "Tests/Fixtures/data-sets/photos.tar").read_bytes()
schemathesis.openapi.media_type("application/x-tar", st.just(archive))
schemathesis.openapi.media_type("application/x-npy", st.sampled_from([npy((3, 227, 227)), npy((1, 3, 227, 227))]))


# Values of the options whose schema is only "some text": what the embedded model has.
known = {
    "model": ["squeezenet1.1"],
    "layer": ["conv1", "fire2", "fire5", "fire9", "pool1"],
    "feature_map": ["strongest", "0", "3,5", "top:2"],
    "unit": ["strongest", "map", "0,0", "2,3"],
    "target": ["285", "tiger cat", "all"],
    "top": ["1", "5", "1000"],
    "patch": ["57", "113", "227"],
    "stride": ["57", "113"],
    "fill": ["128", "0", "123.7,116.8,103.9"],
}
companions = {"arrays": "json", "view": "png", "width": "png", "background": "png", "array": "npy"}


def well_chosen(query, pick):
    """The query with values that the model knows, and without options that go with another format."""
    chosen = {name: pick(known[name]) if name in known else value for name, value in query.items()}
    form = chosen.get("format", "json")
    chosen = {name: value for name, value in chosen.items() if companions.get(name, form) == form}
    if chosen.get("background") == "none":
        chosen["view"] = "heatmap"
    return chosen


@schemathesis.hook
def filter_body(context, body):
    """Leaves out forms with an empty list for a field: it is sent as no field at all, which breaks no rule."""
    return not (isinstance(body, dict) and any(value == [] for value in body.values()))


@schemathesis.hook
def map_body(context, body):
    """Puts an image where a form or a JSON body has some bytes or some base64; whatever has another type stays."""
    if isinstance(body, dict):
        if isinstance(body.get("image"), (bytes, Binary)):
            body["image"] = Binary(png(16, 16))
        if isinstance(body.get("image_base64"), str):
            body["image_base64"] = base64.b64encode(png(16, 16)).decode()
    return body


kept = png(16, 16)
digest = hashlib.sha256(kept).hexdigest()


def keep_image(case):
    """Posts the image that the case is about to name: another case may have deleted it."""
    request = urllib.request.Request(
        case.operation.base_url.rstrip("/") + "/images", data=kept, headers={"Content-Type": "image/png"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def keep_dataset(case):
    """Uploads the data set that the case is about to change or to remove: another case may have removed it."""
    request = urllib.request.Request(
        case.operation.base_url.rstrip("/") + "/datasets/uploaded", data=archive, method="PUT",
        headers={"Content-Type": "application/x-tar"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def name_dataset(case):
    """Has the case read the service's own set, or change one that was uploaded, with an archive where it sends one."""
    if case.method == "GET":
        case.path_parameters = {"name": "photos"}
        return
    case.path_parameters = {"name": "uploaded"}
    if case.method == "DELETE":
        keep_dataset(case)
    else:
        case.body = Binary(archive)


def completed_job(case):
    """The name of a job that is completed: the same one each time, as the request is the same."""
    base = case.operation.base_url.rstrip("/")
    request = urllib.request.Request(
        base + "/predict", data=kept, headers={"Content-Type": "image/png", "Prefer": "respond-async"})
    while True:
        with urllib.request.urlopen(request, timeout=30) as answer:
            job = json.load(answer)
        if job["state"] == "completed":
            return job["id"]
        time.sleep(0.05)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives a positive case values that the model has, an image that is kept, and one type of image."""
    if case.media_type == "image/*":
        case.headers = {**(case.headers or {}), "Content-Type": "image/png"}
    if case.meta is None or case.meta.generation.mode != schemathesis.GenerationMode.POSITIVE:
        return
    if case.meta.phase.name == TestPhase.STATEFUL:
        return  # its chains make, name and delete their images themselves
    rng = random.Random(case.id)
    if case.query:
        # A data set goes without an image, which Schemathesis always sends where there may be one.
        named = {name: value for name, value in case.query.items() if name != "dataset"}
        case.query = well_chosen(named, rng.choice)
    if case.operation.path == "/top-images":
        case.query = {**(case.query or {}), "dataset": "photos"}
    if "name" in (case.path_parameters or {}):
        if case.operation.path.startswith("/datasets"):
            name_dataset(case)
        else:
            case.path_parameters = {"name": "squeezenet1.1"}
    if "sha256" in (case.path_parameters or {}):
        keep_image(case)
        case.path_parameters = {"sha256": digest}
    if "id" in (case.path_parameters or {}):
        case.path_parameters = {"id": completed_job(case)}
    if "image" in (case.query or {}):
        keep_image(case)
        case.query = {**case.query, "image": digest}


@schemathesis.deserializer("image/png")
def read_png(context, response):
    """The size of a picture; a body that is no PNG is an error."""
    if not response.content.startswith(b"\x89PNG\r\n\x1a\n") or not response.content.endswith(b"IEND\xaeB`\x82"):
        raise ValueError("the body is no whole PNG")
    return {"width": int.from_bytes(response.content[16:20], "big")}


@schemathesis.deserializer("application/x-npy")
def read_npy(context, response):
    """The head of an array; a body that is no NPY, or not as long as its shape says, is an error."""
    body = response.content
    if not body.startswith(b"\x93NUMPY\x01\x00"):
        raise ValueError("the body is no NPY")
    end = 10 + struct.unpack("<H", body[8:10])[0]
    head = ast.literal_eval(body[10:end].decode("latin1"))
    size = 4
    for side in head["shape"]:
        size *= side
    if head["descr"] not in ("<f4", "<i4") or len(body) != end + size:
        raise ValueError(f"{len(body)} bytes are not what the head says: {head}")
    return {"shape": list(head["shape"])}
