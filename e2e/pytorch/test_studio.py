"""There and back: PyTorch → the studio's core in Node, which equalizes in exact semantics → PyTorch."""
import math

import torch
import torch.nn.functional as F
from exporter import spread
from studio import StudioTest
from test_studio_convs import trained
from torch import nn


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(12, 16)
        self.relu = nn.ReLU()
        self.linear2 = nn.Linear(16, 8)
        self.linear3 = nn.Linear(8, 4, bias=False)

    def forward(self, x):
        return self.linear3(F.relu(self.linear2(self.relu(self.linear1(x)))))


class EveryOp(nn.Module):
    """All that the studio computes with, as modules, functions and methods; input [samples, 3, 4]."""

    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.first = nn.Linear(12, 10)
        self.leaky = nn.LeakyReLU(0.2)
        self.drop = nn.Dropout(0.4)
        self.weight = nn.Parameter(torch.randn(10, 10) / 3)
        self.bias = nn.Parameter(torch.randn(10))
        self.second = nn.Linear(10, 6)
        self.identity = nn.Identity()
        self.sigmoid, self.tanh, self.softmax = nn.Sigmoid(), nn.Tanh(), nn.Softmax(dim=-1)
        self.last = nn.Linear(2, 5)
        self.register_buffer("offset", torch.rand(6))

    def forward(self, x):
        x = self.drop(self.leaky(self.first(self.flatten(x))))
        x = x + F.leaky_relu(F.linear(x, self.weight, self.bias), negative_slope=0.05)
        x = self.identity(self.second(F.dropout(x, 0.2, self.training)))
        x = (self.tanh(x) - torch.sigmoid(x) * 0.5) / (self.offset + 2.0)
        x = self.sigmoid(x).reshape(-1, 3, 2)
        return self.softmax(self.last(x).view([-1, 15]))


class Cnn(nn.Module):
    """As most CNNs flatten. Input [samples, 3, 8, 8]."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn, self.conv2 = nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6), nn.Conv2d(6, 4, 2)
        self.fc1, self.fc2 = nn.Linear(16, 8), nn.Linear(8, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn(self.conv1(x))), 2)
        x = F.relu(self.conv2(x))
        return self.fc2(F.relu(self.fc1(x.view(x.size(0), -1))))


class SelfAttention(nn.Module):
    """Heads from sizes. Input [samples, tokens, 8]."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(8, 8) for _ in range(4))

    def split(self, x):
        batch, tokens, width = x.size()
        return x.view(batch, tokens, 2, width // 2).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.q(x)), self.split(self.k(x)), self.split(self.v(x))
        weights = torch.softmax(torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(q.size(-1)), -1)
        mixed = torch.matmul(weights, v).transpose(1, 2)
        return self.out(mixed.reshape(x.shape[:-1] + (mixed.shape[2] * mixed.shape[3],)))


class Exact(StudioTest):
    def test_mlp(self):
        model, data = Mlp(), spread(64, 12)
        outcome, loaded = self.equalized(model, data)
        self.assertEqual(set(outcome["decisions"]), {"linear1", "linear2", "linear3"})
        self.assertIs(outcome["failed"], False)
        self.assertEqual(outcome["decisions"]["linear1"], "mul")
        self.assertSameFunction(loaded, model, spread(100, 12))
        self.assertChanged(loaded, model, ("linear1.weight", "linear2.weight", "linear3.weight"))
        self.assertIn("x_equalization_scale0", loaded.state_dict())

    def test_every_op(self):
        model, data = EveryOp(), spread(48, 3, 4)
        outcome, loaded = self.equalized(model, data)
        self.assertIs(outcome["failed"], False)
        self.assertSameFunction(loaded, model, spread(50, 3, 4))
        self.assertChanged(loaded, model, ("first.weight", "weight"))

    def test_cnn_that_flattens_by_its_size(self):
        model, data = trained(Cnn()), spread(16, 3, 8, 8)
        outcome, loaded = self.equalized(model, data)
        self.assertIs(outcome["failed"], False)
        # The factors of conv2's channels pass the view.
        self.assertEqual(outcome["decisions"]["fc1"], "fold")
        self.assertSameFunction(loaded, model, spread(5, 3, 8, 8))

    def test_attention_with_heads_from_sizes(self):
        model, data = SelfAttention(), spread(12, 5, 8)
        outcome, loaded = self.equalized(model, data)
        self.assertIs(outcome["failed"], False)
        self.assertEqual(outcome["decisions"]["out"], "fold")
        self.assertSameFunction(loaded, model, spread(7, 3, 8))

    def test_what_came_back_goes_round_again(self):
        model, data = Mlp(), spread(64, 12)
        _, loaded = self.equalized(model, data)
        outcome, again = self.equalized(loaded, data)
        self.assertIs(outcome["failed"], False)
        self.assertSameFunction(again, model, spread(100, 12))
