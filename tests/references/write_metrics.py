"""Writes metrics.json beside the tests that read it: what scikit-learn says of small, awkward score lists.

Usage: python3 tests/references/write_metrics.py      (scikit-learn 1.2: the first ROC threshold is the highest score + 1)
DeLong's variance is computed from its definition, pair by pair, in O(m n): slow and plain, to check the fast one.
"""
import json
import pathlib

import numpy as np
from sklearn import metrics

TARGET = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Experiments.Tests" / "Metrics" / "metrics.json"


def delong_interval(labels, scores):
    sick, well = scores[labels == 1], scores[labels == 0]
    if len(sick) < 2 or len(well) < 2:
        return None
    wins = (sick[:, None] > well[None, :]) + 0.5 * (sick[:, None] == well[None, :])
    area = wins.mean()
    variance = wins.mean(axis=1).var(ddof=1) / len(sick) + wins.mean(axis=0).var(ddof=1) / len(well)
    reach = 1.959963984540054 * np.sqrt(variance)
    return [float(np.clip(area - reach, 0, 1)), float(np.clip(area + reach, 0, 1))]


def case(name, labels, scores, threshold):
    labels, scores = np.array(labels), np.array(scores, dtype=float)
    false_positive, true_positive, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    tn, fp, fn, tp = metrics.confusion_matrix(labels, scores >= threshold, labels=[0, 1]).ravel()
    return {
        "name": name, "labels": labels.tolist(), "scores": scores.tolist(), "threshold": threshold,
        "roc": [list(map(float, point)) for point in zip(thresholds, false_positive, true_positive)],
        "auroc": metrics.roc_auc_score(labels, scores),
        "interval": delong_interval(labels, scores),
        "averagePrecision": metrics.average_precision_score(labels, scores),
        "brierScore": metrics.brier_score_loss(labels, scores),
        "confusion": [int(tp), int(fp), int(tn), int(fn)],
    }


random = np.random.default_rng(7)
labels = random.integers(0, 2, 60)
close = np.clip(0.35 * labels + random.normal(0.3, 0.2, 60), 0, 1)
cases = [
    case("no ties", labels, close, 0.5),
    case("many ties", labels, np.round(close, 1), 0.5),
    case("one score for all", [0, 1, 1, 0, 0], [0.3] * 5, 0.3),
    case("perfect", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 0.8),
    case("upside down", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], 0.5),
    case("one sick among many", [0] * 9 + [1], np.round(np.linspace(0, 1, 10), 2)[[3, 1, 4, 9, 5, 2, 6, 8, 0, 7]], 0.7),
    case("one of each", [1, 0], [0.5, 0.5], 0.5),
    case("hundred, as in the lab", random.integers(0, 2, 100), random.random(100).astype(np.float32), 0.25),
]
TARGET.write_text(json.dumps(cases, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
