#!/bin/sh
# Takes the two photos from the scikit-image package on PyPI and checks their digests.
#
#     Tests/Fixtures/images/make.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" scikit-image==0.25.2
python3 -m zipfile -e "$work"/*.whl "$work/wheel"
cp "$work/wheel/skimage/data/chelsea.png" "$work/wheel/skimage/data/coffee.png" "$here"
cd "$here"
sha256sum --check <<'DIGESTS'
596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb  chelsea.png
cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7  coffee.png
DIGESTS
