"""Networks of the kinds that people bring, small, with random weights: each with the names of its inputs and data."""
import math

import torch
import torch.nn.functional as F
from torch import nn

IMAGE = (3, 32, 32)
VOCABULARY, TOKENS, WIDTH, HEADS = 60, 12, 32, 4


class BasicBlock(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride=stride, padding=1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1, self.bn2, self.relu = nn.BatchNorm2d(width), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        self.downsample = None
        if stride > 1 or channels != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """As torchvision's: a stem, stages of residual blocks, global average pooling, one Linear."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(8)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential(BasicBlock(8, 8, 1), BasicBlock(8, 8, 1))
        self.layer2 = nn.Sequential(BasicBlock(8, 16, 2), BasicBlock(16, 16, 1))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(16, 10)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.avgpool(self.layer2(self.layer1(x))), 1))


class SqueezeExcitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(channels, channels // 4, 1), nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x):
        scale = F.adaptive_avg_pool2d(x, 1)
        return x * F.hardsigmoid(self.fc2(F.relu(self.fc1(scale))))


class InvertedResidual(nn.Module):
    def __init__(self, channels, expanded, out, stride, activation, squeeze):
        super().__init__()
        self.residual = stride == 1 and channels == out
        self.expand, self.bn1 = nn.Conv2d(channels, expanded, 1, bias=False), nn.BatchNorm2d(expanded)
        self.depthwise = nn.Conv2d(expanded, expanded, 3, stride=stride, padding=1, groups=expanded, bias=False)
        self.bn2, self.act = nn.BatchNorm2d(expanded), activation()
        self.squeeze = SqueezeExcitation(expanded) if squeeze else nn.Identity()
        self.project, self.bn3 = nn.Conv2d(expanded, out, 1, bias=False), nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.act(self.bn1(self.expand(x)))
        y = self.squeeze(self.act(self.bn2(self.depthwise(y))))
        y = self.bn3(self.project(y))
        return x + y if self.residual else y


class MobileNet(nn.Module):
    """Inverted residuals, with ReLU6 as MobileNetV2 has them and with Hardswish and squeezes as V3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.Hardswish()
        )
        self.blocks = nn.Sequential(
            InvertedResidual(8, 16, 8, 1, nn.ReLU6, False),
            InvertedResidual(8, 24, 12, 2, nn.ReLU, True),
            InvertedResidual(12, 32, 12, 1, nn.Hardswish, True),
        )
        self.classifier = nn.Sequential(nn.Linear(12, 24), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(24, 10))

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.classifier(x.mean([2, 3]))


class EncoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.intermediate, self.output = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def heads(self, x):
        return x.view(x.size()[:-1] + (HEADS, WIDTH // HEADS)).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        q, k, v = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(WIDTH // HEADS) + mask
        mixed = torch.matmul(F.softmax(scores, dim=-1), v).permute(0, 2, 1, 3).contiguous()
        mixed = mixed.view(mixed.size()[:-2] + (WIDTH,))
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.output(F.gelu(self.intermediate(x))))


class Encoder(nn.Module):
    """As BERT: token, position and type embeddings, an attention mask, encoder layers, a pooler over the first token."""

    def __init__(self):
        super().__init__()
        self.words, self.types = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(2, WIDTH)
        self.positions = nn.Embedding(2 * TOKENS, WIDTH)
        self.register_buffer("position_ids", torch.arange(2 * TOKENS).expand((1, -1)))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layer = nn.ModuleList(EncoderLayer() for _ in range(2))
        self.pooler, self.classifier = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 3)

    def forward(self, input_ids, attention_mask, token_type_ids):
        positions = self.position_ids[:, : input_ids.size(1)]
        x = self.norm(self.words(input_ids) + self.positions(positions) + self.types(token_type_ids))
        mask = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * -10000.0
        for layer in self.layer:
            x = layer(x, mask)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))


def trained(model):
    """Weights of uneven columns and normalizations that are no identity, as training leaves them."""
    for part in model.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.running_mean.normal_(0, 0.3)
            part.running_var.uniform_(0.5, 2)
        if isinstance(part, (nn.modules.batchnorm._BatchNorm, nn.LayerNorm)):
            nn.init.uniform_(part.weight, 0.3, 3)
            nn.init.normal_(part.bias, 0, 0.2)
    return model.eval()


def images(samples):
    return {"x": torch.randn(samples, *IMAGE) * torch.tensor([0.3, 1.0, 4.0]).reshape(3, 1, 1)}


def sentences(samples):
    lengths = torch.randint(TOKENS // 2, TOKENS + 1, (samples, 1))
    return {
        "input_ids": torch.randint(0, VOCABULARY, (samples, TOKENS)),
        "attention_mask": (torch.arange(TOKENS) < lengths).long(),
        "token_type_ids": torch.randint(0, 2, (samples, TOKENS)),
    }
