"""PyTorch's prepare, calibration and equalization of the bench's MLP; prints medians in ms as JSON.

usage: mlp.py WIDTH HIDDEN PAIRS ROWS BATCH RUNS THREADS
"""
import copy
import json
import statistics
import sys
import time
import warnings

import torch
from torch import nn
from torch.ao.quantization import QConfigMapping, default_qconfig
from torch.ao.quantization.fx._equalize import _convert_equalization_ref, default_equalization_qconfig
from torch.ao.quantization.quantize_fx import prepare_fx

warnings.filterwarnings("ignore")


def mlp(width, hidden, pairs):
    layers = [layer for _ in range(pairs) for layer in (nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width))]
    return nn.Sequential(*layers).eval()


def one_run(model, batches):
    """(prepare, calibrate, equalize) in ms."""
    start = time.perf_counter()
    prepared = prepare_fx(
        model,
        QConfigMapping().set_global(default_qconfig),
        example_inputs=(batches[0],),
        _equalization_config=QConfigMapping().set_global(default_equalization_qconfig),
    )
    prepare = time.perf_counter()
    with torch.no_grad():
        for batch in batches:
            prepared(batch)
    calibrate = time.perf_counter()
    _convert_equalization_ref(prepared)
    equalize = time.perf_counter()
    return [1000 * (end - begin) for begin, end in ((start, prepare), (prepare, calibrate), (calibrate, equalize))]


def main():
    width, hidden, pairs, rows, batch, runs, threads = map(int, sys.argv[1:])
    # OpenBLAS has its own threads, as many as there are cores; more of PyTorch's would wait for each other.
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = mlp(width, hidden, pairs)
    batches = list(torch.randn(rows, width).split(batch))
    one_run(copy.deepcopy(model), batches)
    measured = [one_run(copy.deepcopy(model), batches) for _ in range(runs)]
    steps = dict(zip(("prepare", "calibrate", "equalize"), map(statistics.median, zip(*measured))))
    print(json.dumps({"version": torch.__version__, "steps": steps, "total": statistics.median(map(sum, measured))}))


main()
