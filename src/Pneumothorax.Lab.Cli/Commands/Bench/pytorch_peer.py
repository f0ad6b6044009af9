"""Trains the networks of the lab in PyTorch, as plainly as a textbook would, and says how fast.

Reads one line a measurement from standard input, "NETWORK BATCH SECONDS", and answers with images a second. Ends when the input ends.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

IMAGES, SIZE = 256, 256
SHAPES = {"lab": (64, 256), "lite": (16, 128)}      # channels of the first block, side of the input


class Block(nn.Module):
    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
        self.second = nn.Conv2d(outputs, outputs, kernel, padding=kernel // 2)

    def forward(self, maps):
        one = F.relu(self.first(maps))
        return F.max_pool2d(one + F.relu(self.second(one)), 2)


class Network(nn.Module):
    def __init__(self, width):
        super().__init__()
        channels = [1, width, 2 * width, 4 * width, 8 * width]
        self.blocks = nn.Sequential(*[Block(channels[i], channels[i + 1], kernel) for i, kernel in enumerate([5, 5, 3, 3])])
        self.classifier = nn.Linear(channels[-1], 2)

    def forward(self, images):
        return self.classifier(self.blocks(images).mean((2, 3)))


class Training:
    def __init__(self, name, batch):
        width, self.side = SHAPES[name]
        self.batch, self.step = batch, 0
        self.network = Network(width)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.001, momentum=0.9, nesterov=True)
        self.pixels = torch.randint(0, 256, (IMAGES, SIZE, SIZE), dtype=torch.uint8)
        self.labels = torch.randint(0, 2, (IMAGES,))

    def run(self):
        first = self.batch * self.step % (IMAGES - self.batch)
        self.step += 1
        rows = slice(first, first + self.batch)
        images = self.pixels[rows].unsqueeze(1).float()
        if self.side < SIZE:
            images = F.avg_pool2d(images, SIZE // self.side)
        images = images - images.mean((1, 2, 3), keepdim=True)
        images = images / images.square().mean((1, 2, 3), keepdim=True).sqrt().clamp_min(1 / self.side)
        self.optimizer.zero_grad()
        F.cross_entropy(self.network(images), self.labels[rows]).backward()
        self.optimizer.step()


print(torch.__version__, flush=True)
trainings = {}
for line in sys.stdin:
    name, batch, seconds = line.split()
    if name not in trainings:
        trainings[name] = Training(name, int(batch))
    training = trainings[name]
    training.run()
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < float(seconds):
        training.run()
        count += 1
    print(training.batch * count / (time.perf_counter() - start), flush=True)
