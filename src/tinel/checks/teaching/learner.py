"""The network of ``imaging.measured.network`` as PyTorch teaches it, and its weights as kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tinel.checks.teaching.kept import Lesson
from tinel.checks.teaching.samples import sample
from tinel.errors import TinelError
from tinel.imaging.measured.network import CHANNELS, Weights, from_point
from tinel.imaging.measured.window import SIDE
from tinel.progress import Progress

BATCH, FASTEST, WARMING, DECAY = 12, 3e-3, 50, 1e-4
TURNED, STRETCHED = 0.08, 0.06  # radians and logarithm, standard deviations
SMALL = 20.0  # pixels: keeps the overlap of a nerve that is not there from dividing by nothing


def torch() -> Any:
    """PyTorch, which nothing but teaching needs.

    Raises:
        TinelError: it is not installed.
    """
    try:
        import torch as found
    except ImportError:
        raise TinelError("teaching needs PyTorch", advice="pip install 'tinel[teaching]'") from None
    return found


def network() -> Any:
    """The layers of the network, untaught."""
    nn = torch().nn

    def block(into: int, out: int) -> Any:
        first, second = (nn.Conv2d(n, out, 3, padding=1, bias=False) for n in (into, out))
        return nn.Sequential(
            first, nn.BatchNorm2d(out), nn.ReLU(), second, nn.BatchNorm2d(out), nn.ReLU()
        )

    down = nn.ModuleList(block(i, o) for i, o in zip((3, *CHANNELS[:-1]), CHANNELS, strict=True))
    up = nn.ModuleList(
        block(CHANNELS[k] + CHANNELS[k + 1], CHANNELS[k]) for k in range(len(CHANNELS) - 1)
    )
    return nn.ModuleDict({"down": down, "up": up, "out": nn.Conv2d(CHANNELS[0], 1, 1)})


def logits(net: Any, image: Any) -> Any:
    """What the network says of windows ``(n, 3, SIDE, SIDE)``, before it becomes a likelihood."""
    of = torch().nn.functional
    kept = []
    for k, block in enumerate(net["down"]):
        image = block(image if k == 0 else of.max_pool2d(image, 2))
        kept.append(image)
    for k in reversed(range(len(CHANNELS) - 1)):
        wide = of.interpolate(image, scale_factor=2, mode="nearest")
        image = net["up"][k](torch().cat([kept[k], wide], 1))
    return net["out"](image)[:, 0]


def taught(lessons: Sequence[Lesson], steps: int, seed: int, progress: Progress) -> Weights:
    """Weights after so many steps.

    Args:
        lessons: pictures to learn from, at least one batch.
        steps: of one batch each, 1 or more.
        seed: of everything random.
        progress: called at each step.

    Raises:
        TinelError: PyTorch is not installed, or there are too few pictures or steps.
    """
    if len(lessons) < BATCH or steps < 1:
        told = f"{len(lessons)} pictures and {steps} steps are out of range"
        raise TinelError(f"{told} (allowed: {BATCH} or more, 1 or more)", "--steps")
    torch().manual_seed(seed)
    rng, net = np.random.default_rng(seed), network()
    optimiser = torch().optim.AdamW(net.parameters(), lr=FASTEST, weight_decay=DECAY)
    order: list[int] = []
    for step in range(steps):
        progress(step, steps, "teaching")
        rate = 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.005
        for group in optimiser.param_groups:
            group["lr"] = FASTEST * rate * min(1.0, (step + 1) / WARMING)
        if len(order) < BATCH:
            order = list(rng.permutation(len(lessons)))
        pairs = [sample(lessons[order.pop()], rng) for _ in range(BATCH)]
        image, nerve = _turned(
            *(torch().from_numpy(np.stack(one)) for one in zip(*pairs, strict=True))
        )
        loss = _loss(logits(net, image), nerve)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return weights_of(net)


def _turned(image: Any, nerve: Any) -> tuple[Any, Any]:
    """Windows turned and stretched a little at random, with the distance from the point on top."""
    of, n = torch().nn.functional, len(image)
    turn = TURNED * torch().randn(n)
    wide, tall = (torch().exp(STRETCHED * torch().randn(n)) for _ in range(2))
    way = torch().zeros(n, 2, 3)
    way[:, 0, 0], way[:, 0, 1] = torch().cos(turn) * wide, -torch().sin(turn) * wide
    way[:, 1, 0], way[:, 1, 1] = torch().sin(turn) * tall, torch().cos(turn) * tall
    grid = of.affine_grid(way, (n, 1, SIDE, SIDE), align_corners=False)
    both = of.grid_sample(torch().cat([image, nerve[:, None]], 1), grid, align_corners=False)
    away = torch().from_numpy(from_point()).expand(n, 1, SIDE, SIDE)
    held = (both[:, 1:2] > 0.5).float()
    return torch().cat([both[:, :1], held, away], 1), both[:, 2]


def _loss(logit: Any, nerve: Any) -> Any:
    """Twice the cross-entropy and one less the overlap (Dice), per window."""
    of = torch().nn.functional
    entropy = of.binary_cross_entropy_with_logits(logit, nerve, reduction="none").mean((1, 2))
    likely = torch().sigmoid(logit)
    shared = 2 * (likely * nerve).sum((1, 2)) + SMALL
    overlap = shared / (likely.sum((1, 2)) + nerve.sum((1, 2)) + SMALL)
    return (2 * entropy + 1 - overlap).mean()


def weights_of(net: Any) -> Weights:
    """Kernels and offsets with the normalisation of each layer taken into them."""
    found: Weights = {}
    for kind in ("down", "up"):
        for k, block in enumerate(net[kind]):
            for name, conv, norm in (("a", block[0], block[1]), ("b", block[3], block[4])):
                scale = norm.weight / torch().sqrt(norm.running_var + norm.eps)
                kernel = conv.weight * scale[:, None, None, None]
                found[f"{kind}{k}.{name}.kernel"] = kernel.detach().numpy()
                offset = norm.bias - norm.running_mean * scale
                found[f"{kind}{k}.{name}.offset"] = offset.detach().numpy()
    found["out.kernel"] = net["out"].weight.detach().numpy()[0, :, 0, 0]
    found["out.offset"] = net["out"].bias.detach().numpy()[0]
    return found


def write(weights: Weights, file: Path) -> None:
    """Keep weights in half precision, as the package has them."""
    halves = {name: np.asarray(value, np.float16) for name, value in weights.items()}
    np.savez_compressed(file, **halves)  # type: ignore[arg-type]
