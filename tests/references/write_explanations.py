"""Writes explanations.json and localization.json beside the tests that read them.

Usage: python3 tests/references/write_explanations.py      (numpy, scipy, PyTorch)
Explanation methods are computed from their definitions: Grad-CAM by PyTorch's autograd through pooling and dense layer, Ablation-CAM by
running the head without each channel, Eigen-CAM by numpy's singular value decomposition. Boxes come from scipy.ndimage.label, and
overlaps from counting the pixels of two masks.
"""
import json
import pathlib

import numpy as np
import torch
from scipy import ndimage

TESTS = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Evaluation.Tests"


def methods(random, channels, side):
    # As behind a ReLU; some channels never fire.
    features = np.maximum(random.normal(0.2, 1, (channels, side, side)), 0).astype(np.float32)
    features[random.random(channels) < 0.2] = 0
    weights = random.normal(0, 1, (2, channels)).astype(np.float32)
    bias = random.normal(0, 1, 2).astype(np.float32)
    head = torch.nn.Linear(channels, 2).double()
    with torch.no_grad():
        head.weight.copy_(torch.tensor(weights, dtype=torch.float64))
        head.bias.copy_(torch.tensor(bias, dtype=torch.float64))
    maps = torch.tensor(features, dtype=torch.float64, requires_grad=True)
    logits = head(maps.mean((1, 2)))
    case = {"side": side, "features": features.ravel().tolist(), "weights": weights.ravel().tolist(), "bias": bias.tolist(), "logits": logits.tolist()}
    # The log-odds are a target like the logits: what autograd and the ablation see is their own number.
    targets = {"0": lambda both: both[0], "1": lambda both: both[1], "Difference": lambda both: both[1] - both[0]}
    for name, target in targets.items():
        gradient, = torch.autograd.grad(target(logits), maps, retain_graph=True)
        plain = maps.detach()
        case[f"gradCam{name}"] = torch.relu((gradient.mean((1, 2))[:, None, None] * plain).sum(0)).ravel().tolist()
        drops = []
        for channel in range(channels):
            without = plain.clone()
            without[channel] = 0
            drops.append((target(logits) - target(head(without.mean((1, 2))))).detach())
        case[f"ablationCam{name}"] = torch.relu((torch.stack(drops)[:, None, None] * plain).sum(0)).ravel().tolist()
        case[f"cam{name}"] = torch.einsum("k,kyx->yx", target(head.weight).detach(), plain).ravel().tolist()
    flat = features.reshape(channels, -1).T.astype(np.float64)          # (places, channels)
    direction = np.linalg.svd(flat, full_matrices=False)[2][0]
    projected = flat @ direction
    case["eigenCam"] = (projected * np.sign(projected.sum())).tolist()  # features are positive: the sign is the only freedom
    return case


def box_of(map_, level):
    if map_.max() <= 0:
        return None
    labels, _ = ndimage.label(map_ >= np.float32(level * float(map_.max())))
    rows, columns = ndimage.find_objects(labels == labels.ravel()[map_.argmax()])[0]
    return [columns.start, rows.start, columns.stop, rows.stop]


def mask(box, side):
    filled = np.zeros((side, side), bool)
    filled[box[1]:box[3], box[0]:box[2]] = True
    return filled


def localization(random, side):
    map_ = ndimage.gaussian_filter(random.normal(0, 1, (side, side)), random.uniform(0, 2)).round(2).astype(np.float32)
    if random.random() < 0.1:
        map_ = -np.abs(map_)
    level = round(float(random.uniform(0.05, 1)), 2)
    left, top = random.integers(0, side - 1, 2)
    truth = [int(left), int(top), int(random.integers(left + 1, side + 1)), int(random.integers(top + 1, side + 1))]
    case = {"side": side, "map": [round(float(value), 2) for value in map_.ravel()], "level": level, "truth": truth, "box": box_of(map_, level), "iou": 0.0, "iobb": 0.0}
    if case["box"]:
        said, true = mask(case["box"], side), mask(truth, side)
        case["iou"] = float((said & true).sum() / (said | true).sum())
        case["iobb"] = float((said & true).sum() / said.sum())
    return case


def write(path, cases):
    path.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")


random = np.random.default_rng(11)
write(TESTS / "Cam" / "explanations.json", [methods(random, channels, side) for channels, side in [(1, 2), (5, 3), (12, 4), (20, 6)]])
write(TESTS / "Localization" / "localization.json", [localization(random, int(side)) for side in random.integers(2, 15, 120)])
