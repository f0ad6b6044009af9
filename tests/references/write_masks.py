"""Writes masks.json beside the tests that read it: run-length texts in SIIM-ACR's encoding, decoded by numpy alone.

Usage: python3 tests/references/write_masks.py

Each case: width, height, the texts of one image, the union of their masks row by row as a string of 0 and 1, and its area in shares of a
256 x 256 image where the picture is brought to that size by the mean of its pixels (None for pictures that 256 does not divide).
"""
import json
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Datasets.Tests" / "Importing" / "masks.json"


def decode(text, width, height):
    """Offsets count from the end of the run before; pixels go down the columns."""
    numbers = np.array([int(word) for word in text.split()]).reshape(-1, 2)
    flat = np.zeros(width * height, bool)
    ends = np.cumsum(numbers.ravel())[1::2]
    for end, length in zip(ends, numbers[:, 1]):
        flat[end - length : end] = True
    return flat.reshape(width, height).T


def encode(mask):
    flat = mask.T.ravel().astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat, [0]])))
    return " ".join(str(number) for number in np.diff(np.concatenate([[0], edges])))


random = np.random.default_rng(7)
cases = []
for width, height, texts in [
    (4, 3, ["2 3"]),
    (4, 3, ["0 1 10 1"]),
    (5, 7, ["3 2 4 6", "0 3"]),
    (3, 5, ["0 15"]),
]:
    cases.append((width, height, texts))
for width, height in [(9, 6), (6, 9), (12, 12)]:
    for _ in range(4):
        cases.append((width, height, [encode(random.random((height, width)) < share) for share in (0.2, 0.5)]))
written = []
for width, height, texts in cases:
    union = np.zeros((height, width), bool)
    for text in texts:
        union |= decode(text, width, height)
    written.append({"width": width, "height": height, "texts": texts, "inside": "".join("01"[int(value)] for value in union.ravel())})

# One as large as theirs: two ellipses, and its mean over blocks of four by four.
y, x = np.mgrid[0:1024, 0:1024]
lungs = [((x - cx) / 70) ** 2 + ((y - cy) / 190) ** 2 < 1 for cx, cy in [(300.5, 400), (731, 350.25)]]
shares = (lungs[0] | lungs[1]).reshape(256, 4, 256, 4).mean(axis=(1, 3))
rows, columns = np.nonzero(shares >= 0.5)
large = {
    "texts": [encode(mask) for mask in lungs], "area": int((shares >= 0.5).sum()),
    "box": [int(columns.min()), int(rows.min()), int(columns.max() + 1), int(rows.max() + 1)], "sum": float(shares.sum()),
}
TARGET.write_text(json.dumps({"small": written, "large": large}) + "\n")
