"""The lab's networks in PyTorch, for weights that `lab export` or a run's page wrote.

    from lab_network import load, prepare
    network = load("weights.safetensors")                # or load("weights.npz", "network.json"): the arrays alone do not name their network
    logits = network(prepare(pixels, network.size))      # pixels: (N, 256, 256) uint8 grey values; logits: (N, 2), column 1 = pneumothorax

Needs PyTorch and numpy, nothing else. Teaching only, not for diagnosis.
"""
import json
import struct

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def read_safetensors(path):
    """Returns ({name: array}, {key: text}). With the package: safetensors.torch.load_file(path) gives the tensors."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        values = file.read()
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        arrays[name] = np.frombuffer(values[first:last], "<f4").reshape(entry["shape"]).copy()
    return arrays, metadata


def write_safetensors(path, arrays, metadata):
    """Writes a file for `lab import safetensors`. Every value of the metadata is text."""
    header, end = {"__metadata__": metadata}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array, "<f4").tobytes())


def prepare(pixels, size):
    """(N, H, H) grey values 0 to 255 -> (N, 1, size, size): shrunk by means, then each image on its own has mean 0 and deviation 1."""
    images = torch.as_tensor(pixels).float().unsqueeze(1)
    images = F.avg_pool2d(images, images.shape[-1] // size)
    images = images - images.mean((1, 2, 3), keepdim=True)
    return images / images.square().mean((1, 2, 3), keepdim=True).sqrt().clamp_min(1 / size)


def convolution(source, to, kernel, norm, stride=1):
    return nn.Conv2d(source, to, kernel, stride, kernel // 2, bias=norm == "none")


def normalization(norm, channels):
    if norm == "batch":
        return nn.BatchNorm2d(channels)
    if norm == "group":
        return nn.GroupNorm(max(groups for groups in range(1, 9) if channels % groups == 0), channels)
    return nn.Identity()


class Stem(nn.Module):
    def __init__(self, spec, norm):
        super().__init__()
        self.first = convolution(1, spec["channels"], spec["kernel"], norm, stride=2)
        self.firstNorm = normalization(norm, spec["channels"])
        self.pools = spec["pools"]

    def forward(self, x):
        x = F.relu(self.firstNorm(self.first(x)))
        return F.max_pool2d(x, 3, stride=2, padding=1) if self.pools else x


class PoolingBlock(nn.Module):
    def __init__(self, source, to, kernel, norm, skip):
        super().__init__()
        self.first, self.firstNorm = convolution(source, to, kernel, norm), normalization(norm, to)
        self.second, self.secondNorm = convolution(to, to, kernel, norm), normalization(norm, to)
        self.skip = skip

    def forward(self, x):
        one = F.relu(self.firstNorm(self.first(x)))
        two = F.relu(self.secondNorm(self.second(one)))
        return F.max_pool2d(one + two if self.skip else two, 2)


class ResidualUnit(nn.Module):
    def __init__(self, source, to, kernel, norm, skip, stride):
        super().__init__()
        self.first, self.firstNorm = convolution(source, to, kernel, norm, stride), normalization(norm, to)
        self.second, self.secondNorm = convolution(to, to, kernel, norm), normalization(norm, to)
        self.skip = skip
        self.shortcut = None
        if skip and (stride > 1 or source != to):
            self.shortcut, self.shortcutNorm = convolution(source, to, 1, norm, stride), normalization(norm, to)

    def forward(self, x):
        y = self.secondNorm(self.second(F.relu(self.firstNorm(self.first(x)))))
        if self.skip:
            y = y + (self.shortcutNorm(self.shortcut(x)) if self.shortcut else x)
        return F.relu(y)


class Network(nn.Module):
    def __init__(self, spec):
        """spec: what the metadata of a safetensors file says under "network"."""
        super().__init__()
        self.size = spec["inputSize"]
        norm, skip, stem = spec["normalization"], spec["skip"] == "sum", spec.get("stem")
        self.stem = Stem(stem, norm) if stem else None
        channels, blocks = stem["channels"] if stem else 1, []
        for block in spec["blocks"]:
            to, kernel = block["channels"], block["kernel"]
            if block["kind"] == "Residual":
                blocks.append(nn.Sequential(
                    ResidualUnit(channels, to, kernel, norm, skip, 2 if block["halves"] else 1),
                    ResidualUnit(to, to, kernel, norm, skip, 1)))
            else:
                blocks.append(PoolingBlock(channels, to, kernel, norm, skip))
            channels = to
        self.blocks = nn.ModuleList(blocks)
        self.classifier = nn.Linear(channels, 2)

    def maps(self, x):
        """(N, C, h, w): what the class activation map weighs with classifier.weight."""
        x = self.stem(x) if self.stem else x
        for block in self.blocks:
            x = block(x)
        return x

    def forward(self, x):
        return self.classifier(self.maps(x).mean((2, 3)))


def load(path, spec=None):
    """A network that is ready to predict. spec: a file with the "network" entry of the metadata as JSON; an npz file needs one."""
    if str(path).endswith(".npz"):
        arrays, metadata = dict(np.load(path)), {}
    else:
        arrays, metadata = read_safetensors(path)
    network = Network(json.load(open(spec)) if spec else json.loads(metadata["network"]))
    network.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return network.eval()
