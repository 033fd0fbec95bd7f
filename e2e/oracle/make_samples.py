"""Makes public/samples: the models and data of the studio's gallery. Run: /usr/bin/python3 e2e/oracle/make_samples.py

Needs PyTorch 1.13 and scikit-learn (Debian: python3-torch, python3-sklearn). Same bytes at every run on one machine.
"""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

import fx_file
from digits_transformer import PIXELS, TOKENS, DigitsTransformer
from quantize import QCONFIGS, calibrate, converted, equalization_mapping, prepared, qconfig_mapping

SAMPLES = Path(__file__).resolve().parents[2] / "public" / "samples"
CALIBRATION_SAMPLES = 300


class Linear2Module(nn.Module):
    """The two connected layers of PyTorch's own equalization test."""

    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(2, 2)
        self.linear2 = nn.Linear(2, 2)

    def forward(self, x):
        return self.linear2(self.linear1(x))


class DigitsMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(64, 128)
        self.relu1 = nn.ReLU()
        self.linear2 = nn.Linear(128, 64)
        self.relu2 = nn.ReLU()
        self.linear3 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.relu1(self.linear1(x))
        x = self.relu2(self.linear2(x))
        return self.linear3(x)


def make_linear2(folder):
    """Column 0 of the input is 50 times wider than column 1, whose weights are 20 times larger."""
    torch.manual_seed(2)
    model = Linear2Module().eval()
    with torch.no_grad():
        model.linear1.weight *= torch.tensor([0.2, 4.0])
        model.linear2.weight *= torch.tensor([3.0, 0.5])
    fx_file.write(folder / "model.safetensors", model)
    x = np.random.default_rng(2).uniform(-1, 1, (256, 2)) * [10.0, 0.2]
    np.save(folder / "calibration.npy", x.astype(np.float32))


def digits_data():
    """Standardized pixels: ((x - mean) / std, as usual for an MLP). Rare border pixels get very wide ranges."""
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        images, labels, test_size=0.3, random_state=0, stratify=labels
    )
    mean, std = train_x.mean(axis=0), train_x.std(axis=0)
    std[std == 0] = 1
    standard = lambda x: ((x - mean) / std).astype(np.float32)
    return standard(train_x), train_y.astype(np.int64), standard(test_x), test_y.astype(np.int64)


def train(model, x, y, epochs=60):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(64):
            optimizer.zero_grad()
            F.cross_entropy(model(inputs[rows]), targets[rows]).backward()
            optimizer.step()
    return model.eval()


def accuracy(model, x, y):
    return float((model(torch.from_numpy(x)).argmax(1).numpy() == y).mean())


def make_classifier(folder, kind, shape):
    """Trains on images of a shape. Gives the accuracies (float, int8, int8 equalized) that PyTorch measures."""
    torch.manual_seed(0)
    train_x, train_y, test_x, test_y = digits_data()
    train_x, test_x = train_x.reshape(-1, *shape), test_x.reshape(-1, *shape)
    model = train(kind(), train_x, train_y)
    fx_file.write(folder / "model.safetensors", model)
    np.savez_compressed(folder / "calibration.npz", x=train_x[:CALIBRATION_SAMPLES])
    np.savez_compressed(folder / "evaluation.npz", x=test_x, labels=test_y)
    batch = (torch.from_numpy(train_x[:CALIBRATION_SAMPLES]),)
    int8 = [int8_accuracy(model, batch, equalization, test_x, test_y) for equalization in (None, equalization_mapping())]
    return [accuracy(model, test_x, test_y), *int8]


def int8_accuracy(model, batch, equalization, x, y):
    """None where PyTorch refuses: its equalization takes the channels of a Linear's input from axis 1, whatever the rank."""
    observed = prepared(model, qconfig_mapping(QCONFIGS["default"]), batch, equalization)
    try:
        return accuracy(converted(calibrate(observed, [batch])), x, y)
    except ValueError as error:
        if "must have the same column dimension" not in str(error):
            raise
        return None


INDEX = [
    {
        "id": "linear2",
        "title": "Two linear layers",
        "description": "PyTorch's own example: two connected layers of two columns, small enough to check by hand.",
        "model": "linear2/model.safetensors",
        "calibration": ["linear2/calibration.npy"],
        "evaluation": [],
    },
    {
        "id": "digits",
        "title": "Handwritten digits",
        "description": "A multilayer perceptron 64-128-64-10 on 8×8 images, with labelled data: shows accuracy.",
        "model": "digits/model.safetensors",
        "calibration": ["digits/calibration.npz"],
        "evaluation": ["digits/evaluation.npz"],
    },
    {
        "id": "transformer",
        "title": "Digits by a transformer",
        "description": "An encoder block on the rows of 8×8 images, with labelled data: scales folded into norms, one for q, k, v.",
        "model": "transformer/model.safetensors",
        "calibration": ["transformer/calibration.npz"],
        "evaluation": ["transformer/evaluation.npz"],
    },
]

README = """# Samples of the gallery

Made by `e2e/oracle/make_samples.py` with PyTorch {torch} and scikit-learn; `index.json` lists them.

- `linear2`: two connected `Linear(2, 2)` with unequal columns; calibration: 256 random samples.
- `digits`: an MLP 64-128-64-10 with ReLU, trained on scikit-learn's handwritten digits (70 % of 1797 images,
  pixels standardized, so that rarely used border pixels have very wide ranges). Calibration: {calibration}
  training images; evaluation: the other 30 %, with labels.
- `transformer`: a transformer encoder on the same images, whose eight rows are its tokens: width 32, learned
  positions, one block (LayerNorm, 4 heads of attention, LayerNorm, an MLP with GELU, both with residuals), a last
  LayerNorm, the mean over the tokens, a head. q, k and v are three Linear layers that read one tensor.

Accuracy on the evaluation data, measured by PyTorch {torch} (default qconfig, reference int8 arithmetic):

| sample | float | int8 | int8, equalized |
| --- | --- | --- | --- |
{rows}

PyTorch's equalization refuses the transformer: the Linear layers of one read inputs of three dimensions.

Licence of the digits: the UCI "Optical Recognition of Handwritten Digits" data set, CC BY 4.0.
"""


def main():
    torch.set_num_threads(1)  # the order of sums, and so the weights, must not depend on the machine's cores
    for name in ("linear2", "digits", "transformer"):
        (SAMPLES / name).mkdir(parents=True, exist_ok=True)
    make_linear2(SAMPLES / "linear2")
    accuracies = {
        "digits": make_classifier(SAMPLES / "digits", DigitsMLP, (64,)),
        "transformer": make_classifier(SAMPLES / "transformer", DigitsTransformer, (TOKENS, PIXELS)),
    }
    (SAMPLES / "index.json").write_text(json.dumps(INDEX, indent=2, ensure_ascii=False) + "\n")
    version = "1.13.1" if torch.__version__.startswith("1.13") else torch.__version__
    cell = lambda value: "refused" if value is None else f"{value:.2%}"
    rows = ["| " + " | ".join([f"`{name}`", *map(cell, values)]) + " |" for name, values in accuracies.items()]
    text = README.format(torch=version, calibration=CALIBRATION_SAMPLES, rows="\n".join(rows))
    (SAMPLES / "README.md").write_text(text)
    print("\n".join(rows))


if __name__ == "__main__":
    main()
