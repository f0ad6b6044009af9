"""Reads evaluation.h5 as a student would and compares it with what the portal's interface says of the same run.

Usage: check_evaluation.py EVALUATION_H5 EVALUATION_JSON
Prints one line for each disagreement; prints nothing and ends with 0 when all agree. Needs h5py, numpy and scikit-learn.
"""
import json
import sys

import h5py
import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, roc_auc_score, roc_curve

with h5py.File(sys.argv[1]) as file:
    label, logit, probability = file["label"][:].astype(int), file["logit"][:], file["probability"][:]
    cam, weight, bias = file["cam"][:], file["classifier_weight"][:], file["classifier_bias"][:]
    features, feature_index = file["features"][:], file["feature_index"][:]
with open(sys.argv[2]) as text:
    said = json.load(text)

score = probability[:, 1]
problems = []


def compare(name, said_value, value, tolerance):
    said_value, value = np.asarray(said_value, float), np.asarray(value, float)
    if said_value.shape != value.shape:
        problems.append(f"{name}: shape {said_value.shape} instead of {value.shape}")
    elif said_value.size and not np.max(np.abs(said_value - value)) <= tolerance:
        problems.append(f"{name}: off by {np.max(np.abs(said_value - value))}")


false_positive_rate, true_positive_rate, threshold = roc_curve(label, score, drop_intermediate=False)
compare("roc fpr", [point["fpr"] for point in said["roc"]], false_positive_rate, 1e-9)
compare("roc tpr", [point["tpr"] for point in said["roc"]], true_positive_rate, 1e-9)
compare("roc threshold", [point["threshold"] for point in said["roc"]][1:], threshold[1:], 1e-9)
compare("auroc", said["auroc"], roc_auc_score(label, score), 1e-9)
compare("average precision", said["averagePrecision"], average_precision_score(label, score), 1e-9)
compare("accuracy", said["accuracy"], accuracy_score(label, logit.argmax(axis=1)), 1e-9)
compare("Brier score", said["brierScore"], brier_score_loss(label, score), 1e-9)

compare("probabilities sum to 1", probability.sum(axis=1), np.ones(len(label)), 1e-9)
compare("mean of the map plus bias is the logit", cam.mean(axis=(2, 3)) + bias, logit, 1e-4)
# The map that pages show: class 1 minus class 0. Two logits decide by their difference, so it is the reason of the verdict.
difference = cam[:, 1] - cam[:, 0]
compare("mean of the difference map plus the difference of biases is the log-odds",
        1 / (1 + np.exp(-(difference.mean(axis=(1, 2)) + bias[1] - bias[0]))), score, 1e-4)
compare("map by hand", np.einsum("mchw,kc->mkhw", features, weight), cam[feature_index], 1e-3)

print("\n".join(problems))
sys.exit(bool(problems))
