"""Writes value-counts.json: what PyTorch counts of values in bins, on a grid, and beyond it.

    /usr/bin/python3 e2e/oracle/value_counts.py

The values are made of integers, exactly in float32, so that the test makes the same ones.
"""

import json
from pathlib import Path

import torch

COUNT = 20011
BINS = 2048
# scale, zero point, quant_min, quant_max: 8 bits, 7 bits, symmetric, a grid that clips most, and one of few steps in use.
GRIDS = [
    (0.0784, 128, 0, 255),
    (0.157, 64, 0, 127),
    (0.0625, 0, -128, 127),
    (0.001, 3, 0, 255),
    (1.7, 100, 0, 255),
]


def values() -> torch.Tensor:
    """Cubes of a scattered sequence: dense about 0, thin at both ends."""
    index = torch.arange(COUNT, dtype=torch.int64)
    steps = ((index * 7919) % 10007 - 5003).to(torch.float32) / 4096
    return steps * steps * steps * 8


def counts_on(x: torch.Tensor, scale: float, zero_point: int, low: int, high: int) -> dict:
    """Counts by integer from `torch.fake_quantize`, and how many values its mask says are clipped."""
    out, kept = torch.ops.aten.fake_quantize_per_tensor_affine_cachemask(x, scale, zero_point, low, high)
    integers = torch.round(out.double() / scale).long() + zero_point
    levels = torch.bincount(integers[kept] - low, minlength=high - low + 1)
    return {
        "scale": scale,
        "zeroPoint": zero_point,
        "quantMin": low,
        "quantMax": high,
        "levels": levels.tolist(),
        "clippedLow": int((~kept & (x < 0)).sum()),
        "clippedHigh": int((~kept & (x > 0)).sum()),
    }


def main() -> None:
    x = values()
    low, high = x.min().item(), x.max().item()
    golden = {
        "count": COUNT,
        "low": low,
        "high": high,
        "bins": torch.histc(x, BINS, low, high).long().tolist(),
        "grids": [counts_on(x, *grid) for grid in GRIDS],
    }
    path = Path(__file__).parent / "value-counts.json"
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
