"""Trains the lab and PyTorch side by side from the same weights and image order, over several seeds, and compares the AUROC at the end.

Usage: python3 tests/references/compare_trainings.py TRAIN.h5 TEST.h5 [SEEDS [STEPS [SIZE]]]      (PyTorch, h5py, scipy, scikit-learn; built with -c Release)
Lite with batch normalization and Adam (rate 0.001, cosine, warm-up 20), batches of 16, evaluated after the last step. PyTorch trains twice:
as it is, and with the images of every batch in reverse order, which changes nothing but rounding. What the second differs from the first is
what the lab may differ from it. Networks, weights and random numbers are those of write_training.py.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import torch
import torch.nn.functional as F
from scipy import stats
from sklearn.metrics import log_loss, roc_auc_score

from write_training import Network, optimizer_of, order_of, schedule_of

LAB = ["dotnet", str(pathlib.Path(__file__).parents[2] / "src/Pneumothorax.Lab.Cli/bin/Release/net10.0/lab.dll")]
BATCH, EVALUATED_AT_ONCE = 16, 25


def read(path, size):
    with h5py.File(path) as file:
        pixels, labels = torch.tensor(file["image"][:, :, :, 0]).float()[:, None], torch.tensor(file["label"][:].argmax(1))
    images = F.avg_pool2d(pixels, pixels.shape[-1] // size)
    images = images - images.mean((1, 2, 3), keepdim=True)
    return images / images.square().mean((1, 2, 3), keepdim=True).sqrt().clamp_min(1 / size), labels


def by_pytorch(train, test, seed, steps, size, reverse):
    hyper = {"seed": seed, "steps": steps, "inputSize": size, "normalization": "batch", "optimizer": "adam", "learningRate": 0.001, "schedule": "cosine", "warmUpSteps": 20}
    net = Network("lite", hyper)
    for numbers in (net.weights, net.running):
        for name, value in numbers.items():
            numbers[name] = value.detach().float()
    for value in net.weights.values():
        value.requires_grad_()
    optimizer = optimizer_of(net.weights.values(), hyper)
    schedule = schedule_of(optimizer, hyper)
    (images, labels), losses = train, []
    for batch in order_of(seed, len(labels), steps, BATCH):
        batch = batch[::-1].copy() if reverse else batch
        loss = F.cross_entropy(net.logits(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
    net.training = False
    with torch.no_grad():
        logits = torch.cat([net.logits(part) for part in test[0].split(EVALUATED_AT_ONCE)])
    return (logits[:, 1] - logits[:, 0]).numpy(), losses


def by_lab(directory, seed, steps, size):
    run = pathlib.Path(directory) / f"run-{seed}"
    options = {
        "dataset": "compared", "network": "lite", "normalization": "batch", "optimizer": "adam", "learning-rate": 0.001, "schedule": "cosine", "warm-up-steps": 20,
        "batch-size": BATCH, "steps": steps, "input-size": size, "seed": seed, "validation-every": steps, "checkpoint-every": steps, "device": "cpu",
        "output": run, "data-directory": directory,
    }
    lab("train", *(word for key, value in options.items() for word in (f"--{key}", str(value))))
    with h5py.File(run / "evaluation.h5") as file:
        logits = file["logit"][:]
    return logits[:, 1] - logits[:, 0], lab_losses(run)


def lab_losses(run):
    points = [json.loads(line) for line in open(run / "metrics.jsonl")]
    return [point["value"] for point in points if point["series"] == "train/loss"]


def lab(*arguments):
    done = subprocess.run([*LAB, *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def interval(differences):
    mean, error = np.mean(differences), stats.sem(differences)
    reach = stats.t.ppf(0.975, len(differences) - 1) * error
    return f"{mean:+.4f}, 95 % interval {mean - reach:+.4f} to {mean + reach:+.4f}"


def main(train_path, test_path, seeds=10, steps=120, size=128):
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(1)
    train, test = read(train_path, size), read(test_path, size)
    labels = test[1].numpy()
    names, scores, costs = ("lab", "PyTorch", "PyTorch, batches reversed"), [], []
    with tempfile.TemporaryDirectory() as directory:
        lab("data", "add", "compared", "--train", train_path, "--test", test_path, "--validation", test_path, "--data-directory", directory)
        for seed in range(1, seeds + 1):
            answers = [by_lab(directory, seed, steps, size), *(by_pytorch(train, test, seed, steps, size, reverse) for reverse in (False, True))]
            apart = [max(abs(np.array(answer[1][:5]) - answers[1][1][:5])) for answer in answers]
            scores.append([roc_auc_score(labels, odds) for odds, _ in answers])
            costs.append([log_loss(labels, 1 / (1 + np.exp(-odds.astype(float)))) for odds, _ in answers])
            print(seed, "AUROC", *(f"{value:.4f}" for value in scores[-1]), "held-out loss", *(f"{value:.4f}" for value in costs[-1]),
                  "largest difference of the first five losses", *(f"{value:.1e}" for value in apart), flush=True)
    for what, numbers in (("AUROC", np.array(scores)), ("held-out loss", np.array(costs))):
        print(what, "means:", ", ".join(f"{name} {value:.4f}" for name, value in zip(names, numbers.mean(0))))
        if seeds > 1:
            print("  lab - PyTorch:", interval(numbers[:, 0] - numbers[:, 1]))
            print("  PyTorch, batches reversed - PyTorch:", interval(numbers[:, 2] - numbers[:, 1]))


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
