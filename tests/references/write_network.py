"""Writes network.json beside the tests that read it: logits, loss and one Nesterov step of a tiny network, by PyTorch.

Usage: python3 tests/references/write_network.py      (any PyTorch; written with 1.13)
The network is written out here from its description, so that a mistake in the lab's own code does not repeat itself.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

TARGET = pathlib.Path(__file__).parents[1] / "Pneumothorax.Lab.Learning.Tests" / "Networks" / "network.json"
SIZE, BLOCKS, RATE, MOMENTUM, STEPS = 8, [(2, 5), (3, 3)], 0.1, 0.9, 3

torch.manual_seed(3)
pixels = torch.randint(0, 256, (4, 2 * SIZE, 2 * SIZE))
labels = torch.tensor([0, 1, 1, 0])

weights, before = {}, 1
for i, (channels, kernel) in enumerate(BLOCKS):
    for name, source in (("first", before), ("second", channels)):
        weights[f"blocks.{i}.{name}.weight"] = torch.randn(channels, source, kernel, kernel) * 0.3
        weights[f"blocks.{i}.{name}.bias"] = torch.randn(channels) * 0.1
    before = channels
weights["classifier.weight"] = torch.randn(2, before) * 0.5
weights["classifier.bias"] = torch.randn(2) * 0.1
initial = {name: weight.clone() for name, weight in weights.items()}


def prepare(pixels):
    images = pixels.double().reshape(-1, SIZE, 2, SIZE, 2).mean(dim=(2, 4))
    flat = images.reshape(len(images), -1)
    floor = torch.tensor(1.0 / SIZE, dtype=torch.float64)       # 1 / sqrt(SIZE * SIZE)
    standard = (flat - flat.mean(1, keepdim=True)) / torch.maximum(flat.std(1, unbiased=False, keepdim=True), floor)
    return standard.reshape(-1, 1, SIZE, SIZE).float()


def maps(x):
    for i, (_, kernel) in enumerate(BLOCKS):
        a = F.relu(F.conv2d(x, weights[f"blocks.{i}.first.weight"], weights[f"blocks.{i}.first.bias"], padding=kernel // 2))
        b = F.relu(F.conv2d(a, weights[f"blocks.{i}.second.weight"], weights[f"blocks.{i}.second.bias"], padding=kernel // 2))
        x = F.max_pool2d(a + b, 2)
    return x


def logits(x):
    return maps(x).mean(dim=(2, 3)) @ weights["classifier.weight"].T + weights["classifier.bias"]


images = prepare(pixels)
for weight in weights.values():
    weight.requires_grad_()
optimizer = torch.optim.SGD(weights.values(), lr=RATE, momentum=MOMENTUM, nesterov=True)
first = logits(images).detach()
cam = torch.einsum("nchw,kc->nkhw", maps(images), weights["classifier.weight"]).detach()
losses = []
for _ in range(STEPS):
    loss = F.cross_entropy(logits(images), labels)
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def lists(tensors):
    return {name: [round(v, 8) for v in tensor.detach().flatten().tolist()] for name, tensor in tensors.items()}


TARGET.write_text(json.dumps({
    "inputSize": SIZE, "blocks": [{"channels": c, "kernel": k} for c, k in BLOCKS], "learningRate": RATE, "momentum": MOMENTUM,
    "pixels": pixels.flatten().tolist(), "labels": labels.tolist(), "images": images.flatten().tolist(),
    "weights": lists(initial), "logits": first.flatten().tolist(), "cam": cam.flatten().tolist(),
    "losses": losses, "weightsAfter": lists(weights),
}, separators=(",", ":")).replace(',"', ',\n"') + "\n")
