"""Writes the NPY files that NPYTests reads, with NumPy itself, and what they hold as 32-bit floats (expected.json).

Run in this folder: python3 make.py
"""

import json

import numpy as np

expected = {}


def write(name, array, version=None):
    with open(f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    values = array.astype(np.float32).ravel(order="C")
    expected[name] = {"shape": list(array.shape), "values": [repr(float(v)) for v in values]}


numbers = np.array([[0.0, 1.0, -2.5], [3.25e-5, 65504.0, -0.0]])
for code in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
    write("float_" + code[1:] + ("_big" if code[0] == ">" else ""), numbers.astype(code))
for code in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
    limits = np.iinfo(code)
    array = np.array([0, 1, limits.min, limits.max, limits.max - 1], dtype=code)
    write("integer_" + code, array)
    if code[1] != "1":
        write("integer_" + code + "_big", array.astype(">" + code))
write("boolean", np.array([[True, False], [False, True]]))
write("special", np.array([np.inf, -np.inf, np.nan, 1e-45, 3.4028235e38], dtype="<f4"))
write("half_special", np.array([np.inf, -np.inf, np.nan, 6e-8, 6.1e-5, 65504], dtype="<f2"))
write("double_rounding", np.array([1e300, -1e300, 1e-300, 0.1, 16777217.0], dtype="<f8"))
cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
write("fortran", np.asfortranarray(cube))
write("fortran_f8_big", np.asfortranarray(cube.astype(">f8")))
write("scalar", np.array(7.5, dtype="<f4"))
write("vector", np.array([7.5], dtype="<f4"))
write("empty", np.zeros((3, 0, 2), dtype="<f4"))
write("version2", cube, version=(2, 0))
write("version3", cube, version=(3, 0))
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")

# Files that must be refused.
np.save("object.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save("structured.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i2")]))
np.save("complex.npy", np.zeros(2, dtype="<c8"))
np.save("text.npy", np.array(["ab", "c"]))
np.save("time.npy", np.array(["2020-01-01"], dtype="<M8[D]"))
