"""Drives PyTorch's FX quantization: prepare, calibrate, equalize, convert, lower."""
import contextlib
import copy
import functools
import io
import warnings

import torch
from torch.ao.quantization import (
    QConfig,
    QConfigMapping,
    default_per_channel_qconfig,
    default_qconfig,
    default_weight_observer,
    get_default_qconfig,
    get_default_qconfig_mapping,
)
from torch.ao.quantization.fx._equalize import (
    _convert_equalization_ref,
    default_equalization_qconfig,
    get_equalization_qconfig_dict,
    get_layer_sqnr_dict,
)
from torch.ao.quantization.observer import FixedQParamsObserver, MovingAverageMinMaxObserver
from torch.ao.quantization.quantize_fx import convert_fx, convert_to_reference_fx, prepare_fx

warnings.filterwarnings("ignore", category=UserWarning)
torch.backends.quantized.engine = "qnnpack"

QCONFIGS = {
    "default": default_qconfig,
    "per-channel": default_per_channel_qconfig,
    "fbgemm": get_default_qconfig("fbgemm"),
    "qnnpack": get_default_qconfig("qnnpack"),
    "moving-average": QConfig(
        activation=MovingAverageMinMaxObserver.with_args(dtype=torch.quint8, reduce_range=True),
        weight=default_weight_observer,
    ),
}


def is_fixed(qconfig):
    """True for the qconfig of an op whose output range is known (sigmoid: 0 to 1)."""
    return isinstance(qconfig.activation(), FixedQParamsObserver)


def object_type(name):
    """torch.nn.Linear for "torch.nn.Linear"; torch.nn.functional.linear likewise."""
    return functools.reduce(getattr, name.split(".")[1:], torch)


def qconfig_mapping(qconfig, names=None, types=None):
    """`qconfig` for every op, but for those named and for the fixed-qparams ops, which PyTorch refuses otherwise.

    names and types: module name or type -> name of a qconfig, None for float.
    """
    defaults = get_default_qconfig_mapping("fbgemm").object_type_qconfigs
    mapping = QConfigMapping().set_global(qconfig)
    for op, entry in defaults.items():
        if is_fixed(entry):
            mapping.set_object_type(op, entry)
    for name, choice in (types or {}).items():
        mapping.set_object_type(object_type(name), choice and QCONFIGS[choice])
    for name, choice in (names or {}).items():
        mapping.set_module_name(name, choice and QCONFIGS[choice])
    return mapping


def equalization_mapping(everything=True, names=None, types=None):
    """Equalizes all layers or none, but for modules and types that say otherwise."""
    chosen = {True: default_equalization_qconfig, False: None}
    mapping = QConfigMapping().set_global(chosen[everything])
    for name, choice in (types or {}).items():
        mapping.set_object_type(object_type(name), chosen[choice])
    for name, choice in (names or {}).items():
        mapping.set_module_name(name, chosen[choice])
    return mapping


def prepared(model, mapping, example_inputs, equalization=None):
    """The model with observers that have seen nothing; with an equalization mapping, equalization observers too."""
    extra = {} if equalization is None else {"_equalization_config": equalization}
    return prepare_fx(copy.deepcopy(model).eval(), mapping, example_inputs=example_inputs, **extra)


def calibrate(prepared_model, batches):
    """batches: tuples of arguments."""
    with torch.no_grad():
        for batch in batches:
            prepared_model(*batch)
    return prepared_model


def equalized(prepared_model):
    """(the equalized float model with its observers, the scale of each equalization observer by module name)"""
    working = copy.deepcopy(prepared_model)
    graph_module = _convert_equalization_ref(working)
    scales = {
        name: module.equalization_scale
        for name, module in working.named_modules()
        if hasattr(module, "equalization_scale")
    }
    return graph_module, scales


def converted(prepared_model):
    """The int8 model in PyTorch's reference form: dequantize, float arithmetic, quantize."""
    return convert_to_reference_fx(copy.deepcopy(prepared_model))


def lowered(prepared_model):
    """The int8 model as convert_fx gives it, with integer kernels."""
    return convert_fx(copy.deepcopy(prepared_model))


def layer_sqnr(prepared_model, lowered_model, inputs):
    """PyTorch's numeric suite, as its own test of selective equalization uses it; it takes models of one input."""
    (x,) = inputs
    with torch.no_grad(), contextlib.redirect_stderr(io.StringIO()):  # a failing GraphModule prints where
        return get_layer_sqnr_dict(copy.deepcopy(prepared_model), copy.deepcopy(lowered_model), x)


def lowest(sqnr, count):
    """The layers that get_equalization_qconfig_dict chooses."""
    return [name for name, _ in get_equalization_qconfig_dict(sqnr, count)["module_name"]]
