"""Writes the seeds with bytes to count or hide: a recipe (see PNGRecipe.swift) for each kind of PNG, recipes of
networks (ONNXRecipe.swift), of requests, forms and connections (FuzzRecipes), forms, fields.

Run in this folder: python3 make.py
"""

import random
from pathlib import Path

Path("image").mkdir(exist_ok=True)
for kind in range(15):
    for interlaced in (0, 1):
        head = bytes([16, 9, kind, interlaced, 15, 2 + kind % 6])
        body = bytes(place * 7 % 251 for place in range(300))
        Path(f"image/recipe-{kind}-{interlaced}").write_bytes(b"PNG:" + head + body)

form = b'--B\r\nContent-Disposition: form-data; name="layer"\r\n\r\nfire9\r\n--B\r\nContent-Disposition: form-data; '
form += b'name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--B--\r\n'
Path("requests/form-alone").write_bytes(b"\x40" + form)
head = b"POST /deconv HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: "
Path("requests/form").write_bytes(b"\x80" + head + str(len(form)).encode() + b"\r\n\r\n" + form)
fields = b'If-None-Match: W/"x", "abc"\r\nAccept: image/*;q=0.5, */*;q=0\r\nAccept-Encoding: gzip;q=1.000, *;q=0\r\n'
Path("requests/negotiation").write_bytes(b"\x30GET /a?b=c&d HTTP/1.1\r\nHost: [::1]:80\r\n" + fields + b"\r\n")
body = b"POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\na=b&c=%20"
Path("requests/refused").write_bytes(b"\x50" + body)

Path("onnx").mkdir(exist_ok=True)
numbers = random.Random(1)
for number in range(40):
    body = bytes(numbers.randrange(256 if number % 2 else 249) for _ in range(120))
    Path(f"onnx/recipe-{number}").write_bytes(b"ONNX:" + body)

for folder, prefix in (("requests", b"HTTP:"), ("multipart", b"FORM:"), ("connection", b"")):
    Path(folder).mkdir(exist_ok=True)
    for number in range(30):
        body = bytes(numbers.randrange(256) for _ in range(20 + 8 * number))
        Path(f"{folder}/recipe-{number}").write_bytes(prefix + body)
Path("multipart/form").write_bytes(form)
