"""Writes e2e/oracle/goldens/observers.json: observers of PyTorch 1.13.1 batch by batch. Run: /usr/bin/python3 …

{range: [{name, kind, spec, averaging, batches: [[number…]…], states: [{min, max, scale, zeroPoint}…]}],
 channel: the same with tensors of shape [3, n], min, max, scale and zeroPoint one a channel,
 histogram: [{name, spec, bins, upsampleRate, batches, states: [{min, max, search: [min, max], scale, zeroPoint,
              histogram: [number…] | null}]}]}

A state is that after its batch. spec: {dtype, qscheme, reduceRange, quantRange}. A histogram of more than 200 bins is
not listed: the search, which depends on all of it, is.
"""
import json
import warnings

import torch
from torch.ao.quantization.observer import (
    HistogramObserver,
    MinMaxObserver,
    MovingAverageMinMaxObserver,
    MovingAveragePerChannelMinMaxObserver,
    PerChannelMinMaxObserver,
)

from goldens import GOLDENS
from record import number, numbers

warnings.filterwarnings("ignore", category=UserWarning)

AFFINE = dict(dtype=torch.quint8, qscheme=torch.per_tensor_affine)
SYMMETRIC = dict(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric)
SPECS = [
    AFFINE,
    dict(AFFINE, reduce_range=True),
    dict(AFFINE, quant_min=0, quant_max=127),
    dict(AFFINE, dtype=torch.qint8),
    dict(AFFINE, dtype=torch.qint8, reduce_range=True),
    SYMMETRIC,
    dict(SYMMETRIC, reduce_range=True),
    dict(SYMMETRIC, dtype=torch.quint8),
    dict(SYMMETRIC, dtype=torch.quint8, quant_min=0, quant_max=127),
    dict(SYMMETRIC, quant_min=-127, quant_max=127, reduce_range=True),
]


def spec_json(options):
    low, high = options.get("quant_min"), options.get("quant_max")
    return {
        "dtype": str(options["dtype"]),
        "qscheme": str(options["qscheme"]),
        "reduceRange": options.get("reduce_range", False),
        "quantRange": None if low is None else [low, high],
    }


def per_channel(options):
    symmetric = options["qscheme"] == torch.per_tensor_symmetric
    return dict(options, qscheme=torch.per_channel_symmetric if symmetric else torch.per_channel_affine)


def after_each(observer, batches, state):
    states = []
    for batch in batches:
        observer(batch)
        states.append(state(observer))
    return states


def range_state(observer):
    scale, zero_point = observer.calculate_qparams()
    return {
        "min": numbers(observer.min_val),
        "max": numbers(observer.max_val),
        "scale": numbers(scale),
        "zeroPoint": zero_point.reshape(-1).tolist(),
    }


def range_cases(classes, options, shape):
    for observer_class in classes:
        for spec in options:
            extra = {"averaging_constant": 0.2} if "Moving" in observer_class.__name__ else {}
            batches = [torch.randn(shape) * width + width / 3 for width in (1.0, 4.0, 0.5)]
            yield {
                "observer": observer_class.__name__,
                "spec": spec_json(spec),
                "averaging": extra.get("averaging_constant"),
                "batches": [numbers(batch) for batch in batches],
                "states": after_each(observer_class(**spec, **extra), batches, range_state),
            }


def histogram_state(observer):
    search = observer._non_linear_param_search()
    listed = numbers(observer.histogram) if observer.bins <= 200 else None
    return {**range_state(observer), "search": [number(v) for v in search], "histogram": listed}


def histogram_case(name, batches, bins=2048, upsample_rate=128, spec=AFFINE):
    observer = HistogramObserver(bins=bins, upsample_rate=upsample_rate, **spec)
    return {
        "name": name,
        "spec": spec_json(spec),
        "bins": bins,
        "upsampleRate": upsample_rate,
        "batches": [numbers(batch) for batch in batches],
        "states": after_each(observer, batches, histogram_state),
    }


def histogram_cases():
    r = torch.randn
    wider = [r(200), r(200) * 2, r(200) * 4, r(200) / 2]
    return [
        histogram_case("one batch", [r(300) * 2]),
        histogram_case("wider and wider", wider, spec=dict(AFFINE, reduce_range=True)),
        histogram_case("wider, few bins", wider, bins=50, upsample_rate=16),
        histogram_case("an uneven number of bins", [r(300) * 3, r(300) * 7], bins=101, upsample_rate=7),
        histogram_case("both ends cut to 0", [torch.rand(200) * 0.9, torch.rand(200) * 0.8, torch.rand(99) * 1.9]),
        histogram_case("a constant first batch", [torch.full((50,), 3.0), torch.rand(99), r(99)], bins=64),
        histogram_case("zeros", [torch.zeros(50), torch.zeros(20)], bins=64),
        histogram_case("one-sided", [r(300).relu() * 3, r(300).relu() * 5, r(200).relu() * 50]),
        histogram_case("an outlier", [torch.cat([r(900) * 0.3, torch.tensor([8.0])]), r(200)]),
        histogram_case("symmetric qint8", [r(200) * 3, r(99) * 5], spec=SYMMETRIC),
        histogram_case("heavy tails", [r(500) ** 3, r(500) ** 3, r(300) ** 5]),
        histogram_case("a small first batch far away", [r(9) * 0.01 + 5, r(99) * 40], bins=128),
    ]


def main():
    torch.manual_seed(3)
    torch.set_num_threads(1)
    channels = [per_channel(spec) for spec in SPECS]
    content = {
        "range": list(range_cases([MinMaxObserver, MovingAverageMinMaxObserver], SPECS, [7])),
        "channel": list(
            range_cases(
                [PerChannelMinMaxObserver, MovingAveragePerChannelMinMaxObserver], channels, [3, 4]
            )
        ),
        "histogram": histogram_cases(),
    }
    text = json.dumps(content, separators=(",", ":"))
    (GOLDENS / "observers.json").write_text(text + "\n")
    print(f"{len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
