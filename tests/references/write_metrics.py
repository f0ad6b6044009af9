"""Writes metrics.json beside the tests that read it: what scikit-learn says of small, awkward score lists.

Usage: python3 tests/references/write_metrics.py      (scikit-learn 1.2: the first ROC threshold is the highest score + 1)
       Rscript tests/references/write_delong.R         (afterwards: the paired test of scores against others, by pROC)
DeLong's variance is computed from its definition, pair by pair, in O(m n): slow and plain, to check the fast one.
"""
import json
import pathlib

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

TARGET = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Evaluation.Tests" / "Metrics" / "metrics.json"


def delong_interval(labels, scores):
    sick, well = scores[labels == 1], scores[labels == 0]
    if len(sick) < 2 or len(well) < 2:
        return None
    wins = (sick[:, None] > well[None, :]) + 0.5 * (sick[:, None] == well[None, :])
    area = wins.mean()
    variance = wins.mean(axis=1).var(ddof=1) / len(sick) + wins.mean(axis=0).var(ddof=1) / len(well)
    reach = 1.959963984540054 * np.sqrt(variance)
    return [float(np.clip(area - reach, 0, 1)), float(np.clip(area + reach, 0, 1))]


def expected_calibration_error(labels, scores, bins=10):
    """Guo et al. 2017, bin by bin, with an edge in the bin below it as calibration_curve has it."""
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    of = np.searchsorted(inner, scores)
    return sum((of == one).mean() * abs(labels[of == one].mean() - scores[of == one].mean()) for one in np.unique(of))


def case(name, labels, scores, others, threshold):
    """others: what a second model says of the same images."""
    labels, scores = np.array(labels), np.array(scores, dtype=float)
    false_positive, true_positive, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, cuts = metrics.precision_recall_curve(labels, scores)
    share, said = calibration_curve(labels, scores, n_bins=10, strategy="uniform")
    tn, fp, fn, tp = metrics.confusion_matrix(labels, scores >= threshold, labels=[0, 1]).ravel()
    return {
        "name": name, "labels": labels.tolist(), "scores": scores.tolist(), "others": np.array(others, dtype=float).tolist(), "threshold": threshold,
        "roc": [list(map(float, point)) for point in zip(thresholds, false_positive, true_positive)],
        # From the highest threshold down; without the last point, which no threshold gives.
        "precisionRecall": [list(map(float, point)) for point in zip(cuts[::-1], recall[-2::-1], precision[-2::-1])],
        "calibration": [list(map(float, point)) for point in zip(said, share)],
        "calibrationError": float(expected_calibration_error(labels, scores)),
        "auroc": metrics.roc_auc_score(labels, scores),
        "interval": delong_interval(labels, scores),
        "averagePrecision": metrics.average_precision_score(labels, scores),
        "brierScore": metrics.brier_score_loss(labels, scores),
        "confusion": [int(tp), int(fp), int(tn), int(fn)],
    }


EXTREME = [0.0, 5e-324, 1e-300, 1e-17, 0.5, 1 - 2.0 ** -53, 1.0]


def generated(random, number):
    """Few images, one to a handful of a class; one to three digits, so that scores tie within and between models; some at the very ends."""
    count = int(random.integers(2, 32))
    sick = int(random.integers(1, min(count, 5))) if number % 3 == 0 else int(random.integers(1, count))
    labels = random.permutation([1] * sick + [0] * (count - sick))
    if number % 5 == 4:
        labels = 1 - labels
    digits = 1 + number % 3
    scores = np.round(np.clip(random.normal(0.3 + 0.3 * labels, 0.25), 0, 1), digits)
    others = np.round(np.clip(scores + random.normal(0, 0.02 if number % 2 else 0.3, count), 0, 1), digits)
    if number % 4 == 0:
        scores = np.where(random.random(count) < 0.6, random.choice(EXTREME, count), scores)
        others = np.where(random.random(count) < 0.6, random.choice(EXTREME, count), others)
    return case(f"generated {number}", labels, scores, others, 0.5)


random = np.random.default_rng(7)
labels = random.integers(0, 2, 60)
close = np.clip(0.35 * labels + random.normal(0.3, 0.2, 60), 0, 1)
closer = np.clip(close + random.normal(0, 0.1, 60), 0, 1)
lone = np.round(np.linspace(0, 1, 10), 2)[[3, 1, 4, 9, 5, 2, 6, 8, 0, 7]]
cases = [
    case("no ties", labels, close, closer, 0.5),
    case("many ties", labels, np.round(close, 1), np.round(closer, 1), 0.5),
    case("one score for all, against another", [0, 1, 1, 0, 0], [0.3] * 5, [0.9] * 5, 0.3),
    case("one score for all, against a perfect list", [0, 1, 1, 0, 0], [0.3] * 5, [0.1, 0.8, 0.9, 0.2, 0.3], 0.3),
    case("perfect, against upside down", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], [0.9, 0.8, 0.2, 0.1], 0.8),
    case("upside down, against itself", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], [0.1, 0.2, 0.8, 0.9], 0.5),
    case("one sick among many", [0] * 9 + [1], lone, lone[::-1], 0.7),
    case("one of each", [1, 0], [0.5, 0.5], [0.6, 0.5], 0.5),
    case("hundred, as in the lab", random.integers(0, 2, 100), random.random(100).astype(np.float32), random.random(100).astype(np.float32), 0.25),
]
cases += [generated(random, number) for number in range(300)]
TARGET.write_text(json.dumps(cases, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
