"""What a case is: a network and its data, a configuration, and what PyTorch refuses of it."""
import random
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Tuple

import torch
from torch import nn

from data import unequal_columns
from networks import Chain, Net, NetOfTwo

GOLDEN_SEED = 1000


class Odd(int):
    """A size that stays odd: a mean of an odd number of quantized values is never a tie between two steps, and in
    which order PyTorch adds them up depends on the machine."""


class Sizes:
    """Widths, channels, image sizes and rows: as written for the committed goldens, near them for any other seed.

    Below 3 a size means something (one row, one channel, a kernel of 2) and stays.
    """

    def __init__(self, seed):
        self.random = None if seed == GOLDEN_SEED else random.Random(seed)

    def __call__(self, size):
        if self.random is None or size < 3:
            return size
        drawn = self.random.randint(max(3, size - 1 - size // 4), size + 3 + size // 3)
        return drawn | 1 if isinstance(size, Odd) else drawn


# A module and its inputs: sample shapes (without the axis of samples) or Indices, by placeholder.
Network = Tuple[nn.Module, Dict[str, object]]


@dataclass
class Case:
    name: str
    build: Callable[[Sizes], Network]
    rows: List[Optional[int]] = field(default_factory=lambda: [24])  # a batch each; None: one sample without its axis
    test_rows: Optional[int] = 48  # one value a step aside, where a tie falls the other way, leaves the SQNR above 45 dB
    qconfig: str = "default"
    names: Dict[str, Optional[str]] = field(default_factory=dict)  # a qconfig, None for float
    types: Dict[str, Optional[str]] = field(default_factory=dict)
    equalize: bool = True  # every layer, but for those in the next two
    equalize_names: Dict[str, bool] = field(default_factory=dict)
    equalize_types: Dict[str, bool] = field(default_factory=dict)
    data: Callable[[torch.Tensor], torch.Tensor] = unequal_columns
    fault: Optional[str] = None  # the node at fault, where PyTorch raises an error


def only(*layers):
    """Equalizes these layers alone."""
    return {"equalize": False, "equalize_names": {layer: True for layer in layers}}


def chain(*widths, **options):
    def build(n):
        sizes = [n(width) for width in widths]
        return Chain(sizes, **options), {"x": (sizes[0],)}

    return build


def net(make, *shape):
    """A network of one input. make: (sizes drawn for `shape`) -> the parts of a Net; sizes are drawn once."""

    def build(n):
        sizes = [n(size) for size in shape]
        run, parts = make(n, *sizes)
        return Net(run, **parts), {"x": tuple(sizes)}

    return build


def net_of_two(make, *shape):
    """The same with two inputs of one shape."""

    def build(n):
        sizes = tuple(n(size) for size in shape)
        run, parts = make(n, *sizes)
        return NetOfTwo(run, **parts), {"x": sizes, "y": sizes}

    return build
