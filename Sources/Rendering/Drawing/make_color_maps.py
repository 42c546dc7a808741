"""Writes ColorTables.swift: the sequential and the diverging colour map and the categorical colours, worked out in OKLab.

    python3 make_color_maps.py

OKLab (Ottosson, 2020, https://bottosson.github.io/posts/oklab/) is perceptually uniform: along each map lightness changes
in equal steps, so that equal differences of a value look equal. The categorical colours are chosen one by one, each the
farthest from all before it and from black and white, among colours that are neither too dark nor too pale.
"""
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def to_srgb(lightness, a, b):
    l, m, s = ((lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
               (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
               (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3)
    linear = (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
              -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
              -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
    return tuple(12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)


def polar(lightness, chroma, hue):
    return lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))


def inside(rgb):
    return all(-1e-6 <= c <= 1 + 1e-6 for c in rgb)


def byte(rgb):
    return tuple(round(255 * min(1, max(0, c))) for c in rgb)


def fitted(lightness, chroma, hue):
    """The colour with as much of `chroma` as sRGB holds at that lightness and hue."""
    while chroma > 0 and not inside(to_srgb(*polar(lightness, chroma, hue))):
        chroma -= 0.001
    return byte(to_srgb(*polar(lightness, max(0, chroma), hue)))


def room(lightness, hue):
    """The most chroma that sRGB holds at that lightness and hue."""
    chroma = 0
    while inside(to_srgb(*polar(lightness, chroma + 0.001, hue))):
        chroma += 0.001
    return chroma


def smoothed(values, width):
    """Each value's neighbourhood averaged after its minimum was taken, so that the result nowhere exceeds `values`."""
    n = len(values)
    around = lambda list, k: [list[min(n - 1, max(0, j))] for j in range(k - width, k + width + 1)]
    least = [min(around(values, k)) for k in range(n)]
    return [sum(around(least, k)) / (2 * width + 1) for k in range(n)]


def path(lightness, hue, most, width, n=256):
    """A colour map along functions of 0 … 1, with chroma that changes smoothly and is at most `most`."""
    points = [(lightness(k / (n - 1)), hue(k / (n - 1))) for k in range(n)]
    chroma = smoothed([min(most(k / (n - 1)), room(*point)) for k, point in enumerate(points)], width)
    return [fitted(l, c, h) for (l, h), c in zip(points, chroma)]


def sequential():
    """From dark violet over teal to light yellow; lightness 0.22 to 0.95."""
    return path(lambda t: 0.22 + 0.73 * t, lambda t: 305 - 197 * t, lambda t: 0.17, 24)


def diverging():
    """Blue below, red above, and a light neutral grey for zero in the middle."""
    side = lambda hue: path(lambda t: 0.95 - 0.50 * t, lambda t: hue, lambda t: 0.19 * t, 8, 128)
    return side(255)[::-1] + side(28)


def categorical(n=12):
    """Colours far from one another: farthest-point choice on a grid of lightness, chroma and hue."""
    candidates = []
    for lightness in (0.48, 0.58, 0.68, 0.78, 0.88):
        for chroma in (0.06, 0.11, 0.16):
            for hue in range(0, 360, 6):
                lab = polar(lightness, chroma, hue)
                if inside(to_srgb(*lab)):
                    candidates.append(lab)
    chosen = [polar(0.58, 0.12, 252), polar(0.78, 0.14, 72)]     # a calm blue and an orange to begin with
    fixed = [(0, 0, 0), (1, 0, 0), (0.6, 0, 0)]
    while len(chosen) < n:
        chosen.append(max(candidates, key=lambda c: min(math.dist(c, d) for d in chosen + fixed)))
    return [byte(to_srgb(*c)) for c in chosen]


def table(name, comment, colors):
    lines = [f"    /// {comment}", f"    static let {name}: [UInt32] = ["]
    words = [f"0x{r:02X}{g:02X}{b:02X}" for r, g, b in colors]
    for start in range(0, len(words), 10):
        lines.append("        " + ", ".join(words[start:start + 10]) + ",")
    return "\n".join(lines + ["    ]"])


with open(os.path.join(HERE, "ColorTables.swift"), "w") as out:
    out.write("/// Colours as 0xRRGGBB, made by make_color_maps.py.\nenum ColorTables {\n")
    out.write("\n\n".join([
        table("sequential", "Dark violet, teal, light yellow: lightness grows in equal steps.", sequential()),
        table("diverging", "Blue, light grey in the middle, red.", diverging()),
        table("categorical", "Colours far from one another.", categorical())]) + "\n}\n")
