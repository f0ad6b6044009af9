"""Writes agreement.json and whole.json beside the tests that read them: how far rounding alone takes two trainings apart, by PyTorch.

Usage: python3 tests/references/write_agreement.py      (any PyTorch; written with 1.13; about a minute)
       python3 tests/references/write_agreement.py FILE.h5      (with h5py: writes nothing, prints the same for images of a file, eight a step)
Each case is trained for ten updates in float64, in full digits, and several times in float32 in ways that differ in nothing but rounding:
one thread, several threads, without oneDNN, images in channels-last order, images in another order within the batch (the mean over a batch
does not depend on it). whole.json has whole trainings of small networks, in float64 only. Networks, weights and random numbers are those of write_training.py.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

from write_training import BATCH, Network, StableRandom, optimizer_of, order_of, schedule_of

TARGET = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Learning.Tests" / "Training" / "agreement.json"
WHOLE_TARGET = TARGET.with_name("whole.json")
STEPS = 10
WAYS = [(1, True, {}), (4, True, {}), (1, False, {}), (1, True, {"last": True}), (1, True, {"order": [2, 0, 3, 1]}), (1, True, {"order": [3, 2, 1, 0]})]


def noise(side):
    pixels = (StableRandom(7, 1).next(BATCH * side * side) >> np.uint64(56)).astype(np.float64).reshape(BATCH, 1, side, side)
    return pixels, np.array([0, 1, 1, 1])


def xrays(path, side):
    import h5py
    with h5py.File(path) as file:
        pixels, labels = file["image"][:40, :, :, 0].astype(np.float64), file["label"][:40].argmax(1)
    factor = pixels.shape[1] // side
    return pixels.reshape(-1, side, factor, side, factor).mean((2, 4))[:, None], labels


def losses_of(network, side, hyper, dtype, order=None, last=False, data=None):
    net = Network(network, hyper)
    for numbers in (net.weights, net.running):
        for name, value in numbers.items():
            numbers[name] = value.detach().to(dtype)
    for value in net.weights.values():
        value.requires_grad_()
    pixels, labels = data or noise(side)
    images, labels = torch.tensor(pixels, dtype=dtype), torch.tensor(labels)
    images = images - images.mean((1, 2, 3), keepdim=True)
    images = images / images.square().mean((1, 2, 3), keepdim=True).sqrt()
    optimizer = optimizer_of(net.weights.values(), hyper)
    schedule = schedule_of(optimizer, hyper)
    losses = []
    for step in range(STEPS):
        batch = np.arange(step * hyper["batchSize"], (step + 1) * hyper["batchSize"]) % len(labels)
        if order:
            batch = batch.reshape(-1, len(order))[:, order].flatten()
        taken = images[batch].contiguous(memory_format=torch.channels_last) if last else images[batch]
        loss = F.cross_entropy(net.logits(taken), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
    return losses


def case(name, network, side, data=None, **hyper):
    hyper = {"steps": 100, "batchSize": BATCH, "inputSize": side, **hyper}
    exact, rounded = losses_of(network, side, hyper, torch.float64, data=data), []
    for threads, onednn, how in WAYS:
        torch.set_num_threads(threads)
        with torch.backends.mkldnn.flags(enabled=onednn):
            rounded.append(losses_of(network, side, hyper, torch.float32, **how, data=data))
    torch.set_num_threads(1)
    return {
        "name": name, "network": network, "hyperparameters": hyper, "side": side, "labels": [0, 1, 1, 1], "losses": exact,
        # The largest difference so far of each of them from float64: where two trainings have parted, they stay apart.
        "rounding": [[float(f"{value:.2g}") for value in np.maximum.accumulate(np.abs(np.array(run) - exact))] for run in rounded],
    }


def whole(name, **hyper):
    """A training from its first step to its last: 20 images in batches of 8, so that epochs end within batches too; then five other images."""
    hyper = {"steps": 80, "batchSize": 8, "inputSize": 32, "width": 4, **hyper}
    net, side = Network("lite", hyper), hyper["inputSize"]
    pixels = (StableRandom(7, 1).next(25 * side * side) >> np.uint64(56)).astype(np.float64).reshape(25, 1, side, side)
    images = torch.tensor(pixels)
    images = images - images.mean((1, 2, 3), keepdim=True)
    images = images / images.square().mean((1, 2, 3), keepdim=True).sqrt()
    labels = torch.tensor([int(i % 3 == 0) for i in range(20)])
    optimizer = optimizer_of(net.weights.values(), hyper)
    schedule = schedule_of(optimizer, hyper)
    losses = []
    for batch in order_of(hyper.get("seed", 1), len(labels), hyper["steps"], hyper["batchSize"]):
        loss = F.cross_entropy(net.logits(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
    net.training = False
    return {
        "name": name, "network": "lite", "hyperparameters": hyper, "side": side, "labels": labels.tolist(), "losses": losses,
        "logits": net.logits(images[len(labels):]).flatten().tolist(),
    }


if __name__ == "__main__":
    small = {"network": "lite", "side": 64}
    warm = {"schedule": "cosine", "warmUpSteps": 20}
    if len(sys.argv) > 1:
        one = case("batch normalization, adam", **small, data=xrays(sys.argv[1], 64), optimizer="adam", learningRate=0.001, normalization="batch", **{**warm, "batchSize": 8})
        for way, run in zip(WAYS, one["rounding"]):
            print(way, run)
        sys.exit()
    cases = [
        case("nesterov", **small, optimizer="nesterov", learningRate=0.02),
        case("adam", **small, optimizer="adam", learningRate=0.001, **warm),
        case("batch normalization, nesterov", **small, optimizer="nesterov", learningRate=0.02, normalization="batch"),
        case("batch normalization, adam, cosine with warm-up", **small, optimizer="adam", learningRate=0.001, normalization="batch", **warm),
        case("residual, batch normalization, adam, cosine with warm-up", "residual", 64, width=8, optimizer="adam", learningRate=0.001, **warm),
    ]
    TARGET.write_text(json.dumps(cases, separators=(",", ":")).replace('{"name"', '\n{"name"').replace('"losses":', '\n"losses":') + "\n")
    for one in cases:
        print(one["name"], one["losses"][0], one["losses"][-1], *(f"\n    {run}" for run in one["rounding"]))
    wholes = [
        whole("batch normalization, adam, cosine with warm-up", optimizer="adam", learningRate=0.001, normalization="batch", **warm),
        whole("batch normalization, nesterov, cosine with warm-up", optimizer="nesterov", learningRate=0.02, normalization="batch", **warm),
        whole("adam, cosine with warm-up", optimizer="adam", learningRate=0.001, **warm),
    ]
    WHOLE_TARGET.write_text(json.dumps(wholes, separators=(",", ":")).replace('{"name"', '\n{"name"').replace('"losses":', '\n"losses":') + "\n")
