"""Writes training.json beside the tests that read it: ten updates of each optimizer, schedule, loss and network, by PyTorch in float64.

Usage: python3 tests/references/write_training.py      (any PyTorch; written with 1.13)
Networks, initial weights and random numbers are written out here from their descriptions, so that a mistake in the lab's own code does
not repeat itself. Images are small; the networks are whole. Only a few numbers of each tensor are kept, and its length.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

TARGET = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Learning.Tests" / "Training" / "training.json"
STEPS, BATCH, FIRST = 10, 4, 3
torch.set_default_dtype(torch.float64)


class StableRandom:
    """SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), seeded by seed, use and index."""

    def __init__(self, seed, use, index=0):
        self.state = np.uint64(0)
        with np.errstate(over="ignore"):
            for part, first in ((seed, True), (use, False), (index, False)):
                value = np.uint64(part + 1)
                self.state = self.mix(value if first else self.state ^ value)

    @staticmethod
    def mix(z):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))

    def next(self, count):
        with np.errstate(over="ignore"):
            steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            values = self.mix(self.state + steps)
            self.state = self.state + steps[-1]
        return values

    def singles(self, count):
        return (self.next(count) >> np.uint64(40)).astype(np.float32) * np.float32(2.0 ** -24)


def order_of(seed, images, steps, size):
    """Rows of every batch: each epoch is a new Fisher-Yates shuffle, and a batch may reach into the next epoch."""
    rows = []
    for epoch in range(-(-steps * size // images)):
        shuffled, drawn = list(range(images)), StableRandom(seed, 1, epoch).next(images - 1)
        for i, value in zip(range(images - 1, 0, -1), drawn):
            j = int(value) * (i + 1) >> 64
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        rows += shuffled
    return np.array(rows[:steps * size]).reshape(steps, size)


PRESETS = {     # name: (stem (channels, kernel, pools), blocks (channels, kernel, halves), residual, normalization)
    "lab": (None, [(64, 5, True), (128, 5, True), (256, 3, True), (512, 3, True)], False, "none"),
    "lite": (None, [(16, 5, True), (32, 5, True), (64, 3, True), (128, 3, True)], False, "none"),
    "strided": ((32, 7, False), [(64, 3, True), (128, 3, True), (256, 3, True)], False, "batch"),
    "residual": ((64, 7, True), [(64, 3, False), (128, 3, True), (256, 3, True), (512, 3, True)], True, "batch"),
}


class Network:
    def __init__(self, name, hyper):
        self.stem, blocks, self.residual, norm = PRESETS[name]
        factor = hyper.get("width", blocks[0][0]) / blocks[0][0]
        self.blocks = [(round(c * factor), hyper.get("kernel", k), halves) for c, k, halves in blocks[:hyper.get("blocks", len(blocks))]]
        if self.stem:
            self.stem = (round(self.stem[0] * factor), *self.stem[1:])
        self.norm, self.skip, self.weights, self.running = hyper.get("normalization", norm), hyper.get("skip", "sum"), {}, {}
        self.random = StableRandom(hyper.get("seed", 1), 0)
        self.training = True
        channels = 1
        if self.stem:
            self.add("stem.first", channels, self.stem[0], self.stem[1])
            channels = self.stem[0]
        for i, (to, kernel, halves) in enumerate(self.blocks):
            if self.residual:
                for unit in range(2):
                    here = f"blocks.{i}.{unit}"
                    self.add(f"{here}.first", channels, to, kernel)
                    self.add(f"{here}.second", to, to, kernel)
                    if unit == 0 and self.skip == "sum" and (halves or channels != to):
                        self.add(f"{here}.shortcut", channels, to, 1)
                    channels = to
            else:
                self.add(f"blocks.{i}.first", channels, to, kernel)
                self.add(f"blocks.{i}.second", to, to, kernel)
                channels = to
        self.weights["classifier.weight"] = self.glorot(2, channels)
        self.weights["classifier.bias"] = torch.zeros(2)
        for weight in self.weights.values():
            weight.requires_grad_()

    def glorot(self, *shape):
        area = math.prod(shape[2:])
        limit = np.float32(math.sqrt(6 / (area * (shape[0] + shape[1]))))
        values = limit * (np.float32(2) * self.random.singles(math.prod(shape)) - np.float32(1))
        return torch.tensor(values.astype(np.float64)).reshape(shape)

    def add(self, name, channels, to, kernel):
        self.weights[f"{name}.weight"] = self.glorot(to, channels, kernel, kernel)
        if self.norm == "none":
            self.weights[f"{name}.bias"] = torch.zeros(to)
        else:
            self.weights[f"{name}Norm.weight"], self.weights[f"{name}Norm.bias"] = torch.ones(to), torch.zeros(to)
        if self.norm == "batch":
            self.running[f"{name}Norm.running_mean"], self.running[f"{name}Norm.running_var"] = torch.zeros(to), torch.ones(to)

    def convolve(self, name, x, stride=1):
        weight = self.weights[f"{name}.weight"]
        x = F.conv2d(x, weight, self.weights.get(f"{name}.bias"), stride=stride, padding=weight.shape[-1] // 2)
        if self.norm == "none":
            return x
        scale, offset = self.weights[f"{name}Norm.weight"], self.weights[f"{name}Norm.bias"]
        if self.norm == "group":
            return F.group_norm(x, max(g for g in range(1, 9) if len(scale) % g == 0), scale, offset)
        return F.batch_norm(
            x, self.running[f"{name}Norm.running_mean"], self.running[f"{name}Norm.running_var"], scale, offset, self.training, 0.1)

    def logits(self, x, dropout=None):
        if self.stem:
            x = F.relu(self.convolve("stem.first", x, 2))
            if self.stem[2]:
                x = F.max_pool2d(x, 3, 2, 1)
        for i, (_, _, halves) in enumerate(self.blocks):
            for unit in range(2) if self.residual else ():
                here, stride = f"blocks.{i}.{unit}", 2 if halves and unit == 0 else 1
                y = self.convolve(f"{here}.second", F.relu(self.convolve(f"{here}.first", x, stride)))
                if self.skip == "sum":
                    y = y + (self.convolve(f"{here}.shortcut", x, stride) if f"{here}.shortcut.weight" in self.weights else x)
                x = F.relu(y)
            if not self.residual:
                a = F.relu(self.convolve(f"blocks.{i}.first", x))
                b = F.relu(self.convolve(f"blocks.{i}.second", a))
                x = F.max_pool2d(a + b if self.skip == "sum" else b, 2)
        means = x.mean(dim=(2, 3))
        return (means if dropout is None else means * dropout) @ self.weights["classifier.weight"].T + self.weights["classifier.bias"]


def optimizer_of(parameters, hyper):
    rate, decay, momentum = hyper["learningRate"], hyper.get("weightDecay", 0), hyper.get("momentum", 0.9)
    return {
        "sgd": lambda: torch.optim.SGD(parameters, rate, weight_decay=decay),
        "momentum": lambda: torch.optim.SGD(parameters, rate, momentum, weight_decay=decay),
        "nesterov": lambda: torch.optim.SGD(parameters, rate, momentum, weight_decay=decay, nesterov=True),
        "adam": lambda: torch.optim.Adam(parameters, rate, weight_decay=decay),
        "adamw": lambda: torch.optim.AdamW(parameters, rate, weight_decay=decay),
    }[hyper.get("optimizer", "nesterov")]()


def schedule_of(optimizer, hyper):
    lr, warm = torch.optim.lr_scheduler, hyper.get("warmUpSteps", 0)
    after = {
        "constant": lambda: lr.ConstantLR(optimizer, 1.0),
        "step": lambda: lr.StepLR(optimizer, hyper.get("stepEvery", 1000), hyper.get("stepFactor", 0.1)),
        "cosine": lambda: lr.CosineAnnealingLR(optimizer, hyper["steps"] - warm),
    }[hyper.get("schedule", "constant")]()
    if not warm:
        return after
    return lr.SequentialLR(optimizer, [lr.LinearLR(optimizer, 1 / warm, 1, warm - 1), after], [warm])


def sample(tensor):
    values = tensor.detach().flatten()
    return {"first": values[:FIRST].tolist(), "length": values.norm().item()}


def case(name, network, side, balance=None, **hyper):
    hyper = {"steps": STEPS, "batchSize": BATCH, "inputSize": side, **hyper}
    net = Network(network, hyper)
    pixels = (StableRandom(7, 1).next(BATCH * side * side) >> np.uint64(56)).astype(np.float64).reshape(BATCH, 1, side, side)
    images = torch.tensor(pixels)
    images = (images - images.mean((1, 2, 3), keepdim=True)) / images.std((1, 2, 3), unbiased=False, keepdim=True)
    labels = torch.tensor([0, 1, 1, 1])
    weight = torch.tensor([balance[0], balance[1]]) if balance else None
    net.training = False
    first = net.logits(images)
    net.training = True
    optimizer = optimizer_of(net.weights.values(), hyper)
    schedule = schedule_of(optimizer, hyper)
    rates, losses, gradients = [], [], None
    for step in range(1, STEPS + 1):
        dropout = None
        if share := hyper.get("dropout"):
            kept = StableRandom(hyper.get("seed", 1), 4, step).singles(BATCH * net.blocks[-1][0]) >= share
            dropout = torch.tensor(kept / (1 - share)).reshape(BATCH, -1)
        loss = F.cross_entropy(net.logits(images, dropout), labels, weight=weight, label_smoothing=hyper.get("labelSmoothing", 0))
        optimizer.zero_grad()
        loss.backward()
        gradients = gradients or {key: sample(value.grad) for key, value in net.weights.items()}
        losses.append(loss.item())
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    net.training = False
    return {
        "name": name, "network": network, "hyperparameters": hyper, "classWeights": balance, "side": side, "labels": labels.tolist(),
        "parameters": sum(value.numel() for value in net.weights.values()),
        "logits": first.flatten().tolist(), "rates": rates, "losses": losses, "gradients": gradients,
        "weights": {key: sample(value) for key, value in {**net.weights, **net.running}.items()},
        "logitsAfter": net.logits(images).flatten().tolist(),
    }


def short(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    return [short(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    small = {"network": "lite", "side": 32, "width": 4}
    cases = [
        case("the lab network, ten steps of Nesterov", "lab", 32, learningRate=0.002),
        case("residual, 18 layers", "residual", 64, width=8, optimizer="adam", learningRate=0.001),
        case("residual without skip, group normalization", "residual", 64, width=8, optimizer="momentum", learningRate=0.01, skip="none", normalization="group"),
        case("strided stem", "strided", 64, width=8, learningRate=0.01),
        case("gradient descent", **small, optimizer="sgd", learningRate=0.1, weightDecay=0.01),
        case("momentum", **small, optimizer="momentum", learningRate=0.02, momentum=0.8, weightDecay=0.01),
        case("nesterov", **small, optimizer="nesterov", learningRate=0.02, weightDecay=0.01),
        case("adam", **small, optimizer="adam", learningRate=0.001, weightDecay=0.01),
        case("adamw", **small, optimizer="adamw", learningRate=0.001, weightDecay=0.1),
        case("step schedule with warm-up", **small, optimizer="sgd", learningRate=0.2, schedule="step", warmUpSteps=3, stepEvery=2, stepFactor=0.5),
        case("step schedule", **small, optimizer="sgd", learningRate=0.2, schedule="step", stepEvery=3),
        case("cosine schedule with warm-up", **small, optimizer="sgd", learningRate=0.2, schedule="cosine", warmUpSteps=4),
        case("cosine schedule", **small, optimizer="adamw", learningRate=0.002, schedule="cosine"),
        case("batch normalization", **small, optimizer="adam", learningRate=0.001, normalization="batch"),
        case("group normalization, no skip, seed 5", **small, learningRate=0.01, normalization="group", skip="none", seed=5),
        case("kernel 7, two blocks", **small, learningRate=0.02, kernel=7, blocks=2),
        case("dropout", **small, learningRate=0.02, dropout=0.3),
        case("label smoothing", **small, learningRate=0.02, labelSmoothing=0.1),
        case("balanced classes", **small, learningRate=0.02, classWeighting="balanced", balance=[2.0, 2 / 3]),
    ]
    TARGET.write_text(json.dumps(short(cases), separators=(",", ":")).replace('{"name"', '\n{"name"').replace('"weights":', '\n"weights":') + "\n")
