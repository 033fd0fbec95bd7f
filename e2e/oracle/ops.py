"""Writes ops.json: what PyTorch's convolutions, normalizations and pooling compute, for a spread of attributes."""
import inspect
import json
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

warnings.filterwarnings("ignore")


def noise(size, seed):
    """The numbers of src/exec/testModel.ts, `noise`."""
    state, out = seed, []
    for _ in range(size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        state = state - 2**32 if state >= 2**31 else state
        out.append(state / 2**31)
    return np.array(out, dtype=np.float32)


def tensor(shape, seed):
    return torch.from_numpy(noise(int(np.prod(shape)), seed)).reshape(shape)


def conv(dims, channels, out, kernel, **attributes):
    return getattr(nn, f"Conv{dims}d")(channels, out, kernel, **attributes)


LINE, IMAGE, SPACE = (2, 4, 7), (2, 4, 6, 5), (1, 2, 5, 4, 5)
CASES = [
    ("line", conv(1, 4, 3, 3), LINE),
    ("line, stride and padding", conv(1, 4, 2, 3, stride=2, padding=1), LINE),
    ("line, dilation, groups", conv(1, 4, 2, 3, dilation=2, groups=2, bias=False), LINE),
    ("line, same, even kernel", conv(1, 4, 2, 4, padding="same"), LINE),
    ("line, one sample", conv(1, 4, 2, 3), LINE[1:]),
    ("image", conv(2, 4, 3, 3, padding=1), IMAGE),
    ("image, 1x1, no bias", conv(2, 4, 2, 1, bias=False), IMAGE),
    ("image, uneven", conv(2, 4, 2, (3, 2), stride=(2, 1), padding=(1, 0)), IMAGE),
    ("image, dilation", conv(2, 4, 2, 2, dilation=(2, 1)), IMAGE),
    ("image, stride and dilation", conv(2, 4, 2, 3, stride=2, dilation=2, padding=2), IMAGE),
    ("image, groups", conv(2, 4, 6, 3, groups=2), IMAGE),
    ("image, groups, stride, dilation", conv(2, 4, 4, 2, groups=2, stride=(1, 2), dilation=(2, 1)), IMAGE),
    ("image, depthwise", conv(2, 4, 4, 3, groups=4, padding=1), IMAGE),
    ("image, depthwise, two each", conv(2, 4, 8, 2, groups=4, stride=2), IMAGE),
    ("image, depthwise, uneven stride", conv(2, 4, 4, 2, groups=4, stride=(1, 2), bias=False), IMAGE),
    ("image, depthwise, stride and dilation", conv(2, 4, 4, 2, groups=4, stride=2, dilation=2), IMAGE),
    ("image, same", conv(2, 4, 1, (4, 3), padding="same", dilation=(1, 2)), IMAGE),
    ("image, one sample", conv(2, 4, 2, 3, padding=1), IMAGE[1:]),
    ("space", conv(3, 2, 2, 2), SPACE),
    ("space, uneven", conv(3, 2, 2, (3, 2, 1), stride=(2, 1, 2), padding=(1, 0, 1)), SPACE),
    ("space, dilation, groups", conv(3, 2, 4, 2, dilation=(2, 1, 2), groups=2), SPACE),
    ("space, stride and dilation", conv(3, 2, 1, 2, stride=2, dilation=(2, 2, 1), padding=1), SPACE),
    ("space, same", conv(3, 2, 1, (2, 1, 3), padding="same"), SPACE),
    ("norm of rows", nn.BatchNorm1d(4), (3, 4)),
    ("norm of lines", nn.BatchNorm1d(4, eps=0.1), LINE),
    ("norm of images", nn.BatchNorm2d(4), (1, 4, 2, 2)),
    ("norm of images, not affine", nn.BatchNorm2d(4, affine=False), (1, 4, 2, 2)),
    ("norm of space", nn.BatchNorm3d(2), (1, 2, 2, 2, 2)),
    ("max of lines", nn.MaxPool1d(3), LINE),
    ("max of lines, dilation, padding", nn.MaxPool1d(3, 1, 1, dilation=2), LINE),
    ("max of images", nn.MaxPool2d(2), IMAGE),
    ("max of images, padding", nn.MaxPool2d(3, 2, 1), IMAGE),
    ("max of images, ceil", nn.MaxPool2d(2, (2, 3), ceil_mode=True), IMAGE),
    ("max of images, ceil, padding", nn.MaxPool2d((2, 4), 3, (1, 2), ceil_mode=True), IMAGE),
    ("max of images, dilation", nn.MaxPool2d((3, 2), 1, dilation=(2, 3)), IMAGE),
    ("max of one image", nn.MaxPool2d(3, 2, 1), IMAGE[1:]),
    ("max of space", nn.MaxPool3d((2, 1, 3), 2, (1, 0, 1), ceil_mode=True), SPACE),
    ("mean of lines", nn.AvgPool1d(3, 2, 1), LINE),
    ("mean of images", nn.AvgPool2d(2), IMAGE),
    ("mean of images, padding", nn.AvgPool2d(3, 2, 1), IMAGE),
    ("mean of images, padding does not count", nn.AvgPool2d(3, 2, 1, count_include_pad=False), IMAGE),
    ("mean of images, ceil", nn.AvgPool2d((2, 3), 3, (1, 1), ceil_mode=True), IMAGE),
    ("mean of images, ceil, padding does not count",
     nn.AvgPool2d((2, 3), 3, 1, ceil_mode=True, count_include_pad=False), IMAGE),
    ("mean of images, divisor", nn.AvgPool2d(3, 2, 1, divisor_override=5), IMAGE),
    ("mean of space", nn.AvgPool3d(2, 2, 1, ceil_mode=True), SPACE),
    ("three means of a line", nn.AdaptiveAvgPool1d(3), LINE),
    ("one mean of an image", nn.AdaptiveAvgPool2d(1), IMAGE),
    ("means of an image, one axis as it is", nn.AdaptiveAvgPool2d((None, 3)), IMAGE),
    ("means of an image, more than it has", nn.AdaptiveAvgPool2d((4, 7)), (1, 1, 3, 5)),
    ("means of space", nn.AdaptiveAvgPool3d((2, 1, 3)), SPACE),
]


def spec(module):
    """Public type and constructor attributes, in the form of the FX model file."""
    kind = type(module)
    attrs = {}
    for key in list(inspect.signature(kind.__init__).parameters)[1:]:
        if hasattr(module, key):
            value = getattr(module, key)
            attrs[key] = value is not None if key == "bias" else list(value) if isinstance(value, tuple) else value
    return {"type": f"torch.nn.{kind.__name__}", "attrs": attrs}


def record(name, module, shape, number):
    """Tensors are `noise` of a seed each; a variance is its absolute value and a half."""
    tensors = {}
    for at, (key, value) in enumerate(module.state_dict().items()):
        if key == "num_batches_tracked":
            continue
        seed = 1000 * number + at + 1
        new = tensor(value.shape, seed)
        value.copy_(new.abs() + 0.5 if key == "running_var" else new)
        tensors[key] = {"shape": list(value.shape), "seed": seed}
    with torch.no_grad():
        y = module.eval()(tensor(shape, number))
    output = {"shape": list(y.shape), "data": [float(f"{v:.8g}") for v in y.flatten().tolist()]}
    return {"name": name, **spec(module), "input": {"shape": list(shape), "seed": number}, "tensors": tensors, "output": output}


if __name__ == "__main__":
    cases = [record(*case, number) for number, case in enumerate(CASES, 1)]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    Path(__file__).with_name("ops.json").write_text(f"[\n{lines}\n]\n")
