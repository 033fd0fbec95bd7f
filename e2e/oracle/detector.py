"""Writes e2e/oracle/goldens/detector.json: what PyTorch 1.13.1's InputWeightEqualizationDetector says of layers.

Run: /usr/bin/python3 e2e/oracle/detector.py

[{name, input: {min, max}, weight: {min, max}, values: [s_c…] | null, recommended: [boolean…], layer: boolean, error}]

Ranges are one a channel, as ModelReport recorded them in the calibrated model; `layer` is what the report's text
advises. A layer that the detector refuses has `error` alone beside its ranges.
"""
import json
import warnings

import torch
from torch import nn
from torch.ao.quantization import QConfigMapping, default_qconfig
from torch.ao.quantization.fx._model_report.detector import InputWeightEqualizationDetector
from torch.ao.quantization.fx._model_report.model_report import ModelReport
from torch.ao.quantization.quantize_fx import prepare_fx

from goldens import GOLDENS
from record import number, numbers

warnings.filterwarnings("ignore", category=UserWarning)

THRESHOLD = 0.5
LAYER_ADVICE = "We suggest to use input weight equalization"


def spread(channels, decades):
    return 10 ** (torch.rand(channels) * decades - decades / 2)


def columns(data, axis, width):
    shape = [1] * data.dim()
    shape[axis] = -1
    return data * width.reshape(shape)


def report_of(model, batches):
    """The report of the only layer of supported type, `layer`."""
    prepared = prepare_fx(model.eval(), QConfigMapping().set_global(default_qconfig), (batches[0],))
    report = ModelReport(prepared, {InputWeightEqualizationDetector(THRESHOLD)})
    observed = report.prepare_detailed_calibration()
    for batch in batches:
        observed(batch)
    detector = InputWeightEqualizationDetector(THRESHOLD)
    ranges = {
        "input": detector._extract_input_info(observed)["layer"],
        "weight": detector._extract_weight_info(observed)["layer"],
    }
    try:
        return ranges, detector.generate_detector_report(observed), None
    except ValueError as error:
        return ranges, None, str(error)


def range_json(info, prefix):
    return {bound: numbers(info[f"{prefix}_per_channel_{bound}"]) for bound in ("min", "max")}


def case(name, layer, batches):
    model = nn.Sequential()
    model.add_module("layer", layer)
    ranges, report, error = report_of(model, batches)
    text, found = report or ("", {"layer": None})
    info = found["layer"]
    return {
        "name": name,
        "input": range_json(ranges["input"], InputWeightEqualizationDetector.ACTIVATION_PREFIX.rstrip("_")),
        "weight": range_json(ranges["weight"], InputWeightEqualizationDetector.WEIGHT_PREFIX.rstrip("_")),
        "values": info and [number(v) for v in info[InputWeightEqualizationDetector.COMP_METRIC_KEY]],
        "recommended": info and info[InputWeightEqualizationDetector.RECOMMENDED_KEY],
        "layer": LAYER_ADVICE in text,
        "error": error,
    }


def linear(channels, decades=0.0, out=8):
    layer = nn.Linear(channels, out)
    with torch.no_grad():
        layer.weight.copy_(columns(layer.weight, 1, spread(channels, decades)))
    return layer


def with_column(layer, column, value):
    with torch.no_grad():
        layer.weight[:, column] = value
    return layer


def batches(channels, decades, *shape, count=3):
    width = spread(channels, decades)
    return [columns(torch.randn(16, channels, *shape), 1, width) for _ in range(count)]


def constant_column(batches, column, value):
    return [torch.cat([b[:, :column], torch.full_like(b[:, :1], value), b[:, column + 1 :]], 1) for b in batches]


def corners():
    """Ranges that give s_c of exactly 0.5, 2, and one step beside them; 2 of 5 recommended is exactly the share."""
    inputs = torch.tensor([4.0, 1.0, 0.999, 4.0, 4.0])
    weights = torch.tensor([1.0, 4.0, 4.0, 0.999, 0.5])
    layer = nn.Linear(5, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.stack([weights / 2, -weights / 2]))
    return layer, [torch.stack([inputs, torch.zeros(5)])]


def cases():
    yield case("level", linear(12), batches(12, 0))
    yield case("uneven inputs", linear(32), batches(32, 3))
    yield case("uneven inputs and weights", linear(32, 2), batches(32, 2))
    yield case("opposite", linear(24, 1), batches(24, 1, count=1))
    yield case("a column of zeros in the weight", with_column(linear(6), 2, 0.0), batches(6, 1))
    yield case("a constant input", linear(6), constant_column(batches(6, 0.5), 1, 3.0))
    both = with_column(linear(6), 1, 0.25)
    yield case("a constant input on a constant column", both, constant_column(batches(6, 0.5), 1, 0.0))
    yield case("corners", *corners())
    yield case("one channel", linear(1), batches(1, 0))
    yield case("convolution", nn.Conv2d(8, 4, 3), batches(8, 1.5, 5, 5))
    yield case("no input", linear(4), [torch.zeros(5, 4)])
    dead = linear(4)
    with torch.no_grad():
        dead.weight.fill_(0.5)
    yield case("a weight without range", dead, batches(4, 1))


def main():
    torch.manual_seed(11)
    torch.set_num_threads(1)
    text = json.dumps(list(cases()), separators=(",", ":"))
    (GOLDENS / "detector.json").write_text(text + "\n")
    print(f"{len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
