"""Writes transformer/: transformer blocks as torch.onnx.export and fx_export.py write them, with what they compute.

Run after make_samples.py, whose transformer is one of them: /usr/bin/python3 e2e/oracle/transformers.py
"""
import json
import math
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import fx_file
from digits_transformer import HEADS, HIDDEN, PIXELS, TOKENS, WIDTH, DigitsTransformer
from fx_export import load
from record import tensor_json

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
FOLDER = HERE / "transformer"
SAMPLE = HERE.parents[1] / "public" / "samples" / "transformer" / "model.safetensors"
ROWS = (TOKENS, WIDTH)


class PackedAttention(nn.Module):
    """One layer for queries, keys and values, and sizes read at run time: the exporter computes shapes from them."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        count, tokens, width = x.shape
        qkv = self.qkv(self.norm(x)).reshape(count, tokens, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        weights = (q @ k.transpose(-2, -1) * (width // HEADS) ** -0.5).softmax(-1)
        return x + self.out((weights @ v).transpose(1, 2).reshape(count, tokens, width))


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class GatedBlock(nn.Module):
    """RMSNorm, layers without bias, and a gated MLP, whose product of two branches no scale passes."""

    def __init__(self, width=16, heads=2):
        super().__init__()
        self.width, self.heads = width, heads
        self.norm1, self.norm2 = RMSNorm(width), RMSNorm(width)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.gate, self.up = (nn.Linear(width, 2 * width, bias=False) for _ in range(2))
        self.down = nn.Linear(2 * width, width, bias=False)

    def split(self, x):
        return x.view(-1, TOKENS, self.heads, self.width // self.heads).transpose(1, 2)

    def forward(self, x):
        h = self.norm1(x)
        q, k, v = self.split(self.q(h)), self.split(self.k(h)), self.split(self.v(h))
        weights = torch.softmax(torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(self.width // self.heads), dim=-1)
        x = x + self.out(torch.matmul(weights, v).transpose(1, 2).reshape(-1, TOKENS, self.width))
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


def digits():
    """The gallery's, with its trained weights."""
    model = DigitsTransformer()
    model.load_state_dict(load(SAMPLE).state_dict())
    return model


def encoder_layer():
    """PyTorch's own; in_proj is one layer for queries, keys and values."""
    return nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, activation="gelu", batch_first=True, norm_first=True)


# Name -> what makes the model, shape of a sample, opset; a name without an opset is an FX model file.
CASES = {
    "digits-13": (digits, (TOKENS, PIXELS), 13),
    "digits-17": (digits, (TOKENS, PIXELS), 17),
    "encoder-14": (encoder_layer, ROWS, 14),
    "packed-16": (PackedAttention, ROWS, 16),
    "gated-13": (GatedBlock, (TOKENS, 16), 13),
    "gated": (GatedBlock, (TOKENS, 16), None),
}


def uneven(model):
    """Fresh norms are all ones: columns of other widths give equalization something to do, and make no two tensors equal."""
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1:
            spread = torch.exp(torch.randn_like(parameter))
            parameter.data = spread if name.endswith("weight") else 0.1 * torch.randn_like(parameter)
    return model


def write(name, make, shape, opset):
    """Gives input and output of the model that it writes."""
    torch.manual_seed(4)
    model = make().eval()
    model = model if make is digits else uneven(model)
    x = torch.randn(3, *shape)
    if opset is None:
        fx_file.write(FOLDER / f"{name}.safetensors", model)
    else:
        axes = {"x": {0: "batch"}, "y": {0: "batch"}}
        names = {"input_names": ["x"], "output_names": ["y"], "dynamic_axes": axes}
        torch.onnx.export(model, x, str(FOLDER / f"{name}.onnx"), opset_version=opset, **names)
    with torch.no_grad():
        return {"x": tensor_json(x), "y": tensor_json(model(x))}


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    expected = {name: write(name, *case) for name, case in CASES.items()}
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
