"""Computes a ROC curve and its area by scikit-learn, as plainly as a textbook would, and says how long that took.

Reads one line a measurement from standard input, the name of a file: N labels as bytes, then N scores as little-endian doubles. Answers with
seconds, area and number of points of the curve. Ends when the input ends.
"""
import sys
import time

import numpy as np
import sklearn
from sklearn import metrics

print(sklearn.__version__, flush=True)
for line in sys.stdin:
    content = np.fromfile(line.rstrip("\n"), dtype=np.uint8)
    count = len(content) // 9
    labels, scores = content[:count].copy(), content[count:].copy().view("<f8")
    start = time.perf_counter()
    points = metrics.roc_curve(labels, scores, drop_intermediate=False)
    area = metrics.roc_auc_score(labels, scores)
    print(time.perf_counter() - start, repr(float(area)), len(points[0]), flush=True)
