"""Writes e2e/oracle/torchfiles: small files of the real torch.save in all its forms, and what each holds.

    /usr/bin/python3 e2e/oracle/torch_files.py

The readers of src/formats/pt are held to expected.json. Files are small and their content is fixed by a seed; a rerun
with the same PyTorch writes the same tensors.
"""
import collections
import json
import pathlib

import torch
from torch import nn

OUT = pathlib.Path(__file__).parent / "torchfiles"


class Net(nn.Module):
    """A class of the user's own, for a file that pickles a whole module."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)


def views():
    """Tensors that share storages, with strides, offsets and repetition."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    scalar = torch.tensor(3.5)
    return collections.OrderedDict(
        base=base,
        transposed=base.t(),
        row=base[2],
        part=base[1:3, 2:5],
        every_second=base.reshape(-1)[1::2],
        same=base,
        repeated=torch.tensor([1.0, 2.0]).expand(3, 2),
        scalar=scalar,
        empty=torch.zeros(0, 3),
        channels_last=torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
    )


def dtypes():
    values = torch.tensor([0.0, 1.0, -2.5, 1000.25])
    whole = torch.tensor([0, 1, 100, 7])
    return {
        "float64": values.double() / 3,
        "float32": values / 3,
        "float16": values.half(),
        "bfloat16": values.bfloat16(),
        "int64": -whole,
        "int32": -whole.int(),
        "int16": -whole.short(),
        "int8": -whole.char(),
        "uint8": whole.byte(),
        "bool": whole > 0,
    }


def network():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 16, 3)
    )


def checkpoint(model):
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.randn(2, 1, 4, 4)).sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "best": 0.75,
        "name": "net ü",
        "big": 2**70,
        "model_state_dict": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "shape": torch.Size([1, 2]),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "classes": {"a", "b"},
        "counts": collections.Counter("aab"),
    }


def files():
    torch.manual_seed(5)
    model = network()
    yield "state_dict.pt", model.state_dict(), {}
    yield "checkpoint.pt", checkpoint(model), {}
    yield "checkpoint-legacy.pt", checkpoint(network()), {"_use_new_zipfile_serialization": False}
    yield "parameters.pt", {"weight": nn.Parameter(torch.randn(2, 3)), "mean": torch.zeros(3)}, {}
    yield "views.pt", views(), {}
    yield "views-legacy.pt", views(), {"_use_new_zipfile_serialization": False}
    yield "dtypes.pt", dtypes(), {}
    yield "dtypes-legacy.pth", dtypes(), {"_use_new_zipfile_serialization": False}
    for protocol in (3, 4, 5):
        yield f"protocol-{protocol}.pt", {"model": network().state_dict()}, {"pickle_protocol": protocol}


def refused():
    yield "quantized.pt", {"weight": torch.quantize_per_tensor(torch.randn(2, 2), 0.1, 0, torch.qint8)}, {}
    yield "complex.pt", {"weight": torch.zeros(2, dtype=torch.complex64)}, {}
    yield "sparse.pt", {"weight": torch.eye(3).to_sparse()}, {}
    yield "module.pt", Net(), {}
    yield "module-legacy.pt", nn.Linear(2, 2), {"_use_new_zipfile_serialization": False}
    yield "list.pt", [torch.zeros(2)], {}


def tensors_of(value):
    for key in ("model_state_dict", "model"):
        value = value.get(key, value)
    return {name: tensor for name, tensor in value.items() if isinstance(tensor, torch.Tensor)}


def main():
    OUT.mkdir(exist_ok=True)
    expected = {}
    for name, value, options in files():
        torch.save(value, OUT / name, **options)
        loaded = tensors_of(torch.load(OUT / name))
        expected[name] = {
            key: {"shape": list(tensor.shape), "values": tensor.detach().double().reshape(-1).tolist()}
            for key, tensor in loaded.items()
        }
    for name, value, options in refused():
        torch.save(value, OUT / name, **options)
    torch.jit.save(torch.jit.script(nn.Linear(2, 2)), OUT / "script.pt")
    (OUT / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
