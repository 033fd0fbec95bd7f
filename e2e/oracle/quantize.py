"""Drives PyTorch's FX quantization: prepare, calibrate, equalize, convert."""
import copy
import functools
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
from torch.ao.quantization.fx._equalize import _convert_equalization_ref, default_equalization_qconfig
from torch.ao.quantization.observer import FixedQParamsObserver, MovingAverageMinMaxObserver
from torch.ao.quantization.quantize_fx import convert_fx, convert_to_reference_fx, prepare_fx

warnings.filterwarnings("ignore", category=UserWarning)

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


def module_type(name):
    """torch.nn.Linear for "torch.nn.Linear"."""
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
        mapping.set_object_type(module_type(name), choice and QCONFIGS[choice])
    for name, choice in (names or {}).items():
        mapping.set_module_name(name, choice and QCONFIGS[choice])
    return mapping


def equalization_mapping(selected):
    """All layers for None, else those named."""
    mapping = QConfigMapping()
    if selected is None:
        return mapping.set_global(default_equalization_qconfig)
    for name in selected:
        mapping.set_module_name(name, default_equalization_qconfig)
    return mapping


def prepared(model, mapping, batches, equalize=True, selected=None):
    """The model with observers, calibrated on `batches`."""
    extra = {"_equalization_config": equalization_mapping(selected)} if equalize else {}
    result = prepare_fx(
        copy.deepcopy(model).eval(), mapping, example_inputs=(batches[0],), **extra
    )
    with torch.no_grad():
        for batch in batches:
            result(batch)
    return result


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
    torch.backends.quantized.engine = "qnnpack"
    return convert_fx(copy.deepcopy(prepared_model))
