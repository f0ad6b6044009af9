"""Decodes pictures to grey and brings them to 256 x 256 by Pillow, in one or several processes, and says how long that took.

Reads one line a measurement from standard input: number of processes, a space, the name of a file that lists the pictures. Answers with seconds
and the sum of all pixels. Keeps nothing: neither hash nor file, which the lab's import also makes. Ends when the input ends.
"""
import multiprocessing
import sys
import time

import PIL
from PIL import Image


def work(path):
    with Image.open(path) as picture:
        small = picture.convert("L").resize((256, 256), Image.BILINEAR)
    small.tobytes()
    return sum(value * count for value, count in enumerate(small.histogram()))


if __name__ == "__main__":
    print(PIL.__version__, flush=True)
    pools = {}
    for line in sys.stdin:
        processes, listing = line.rstrip("\n").split(" ", 1)
        with open(listing, encoding="utf-8") as file:
            paths = file.read().splitlines()
        count = int(processes)
        if count not in pools:
            pools[count] = multiprocessing.Pool(count)
            pools[count].map(work, paths[: 2 * count])      # for nothing: what a first call loads
        start = time.perf_counter()
        total = sum(pools[count].imap_unordered(work, paths, chunksize=8))
        print(time.perf_counter() - start, total, flush=True)
