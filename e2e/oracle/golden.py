"""One golden: a case walked through PyTorch's steps until the last or until one that raises."""
import contextlib
import copy
import io
import re

import torch
from graphs import GraphJson, renamed, seed_converted, seed_names
from networks import Chain
from quantize import (
    QCONFIGS,
    calibrate,
    converted,
    equalization_mapping,
    equalized,
    layer_sqnr,
    lowered,
    lowest,
    prepared,
    qconfig_mapping,
)
from record import number, observers_json, output_qparams, outputs_json, params_json, reference_weights, tensor_json


class Refusal(Exception):
    """PyTorch raised an error at a step."""

    def __init__(self, step, error):
        message = re.sub(r" at 0x[0-9a-f]+", "", str(error).strip())  # of a function, another in every run
        self.json = {"step": step, "type": type(error).__name__, "message": message}


def attempt(step, function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:  # whatever PyTorch raises is what a golden records
        raise Refusal(step, error) from error


def run(model, inputs):
    with torch.no_grad(), contextlib.redirect_stderr(io.StringIO()):  # a failing GraphModule prints where
        return outputs_json(copy.deepcopy(model)(*inputs))


def scales_by_layer(prepared_model, scales):
    """The scale of each equalized layer, by the layer's node name."""
    result = {}
    for node in prepared_model.graph.nodes:
        if node.op == "call_module" and node.target in scales:
            for user in node.users:
                result[user.name] = [number(value) for value in scales[node.target].reshape(-1)]
    return result


def choices(qconfigs):
    """The names of qconfigs as the studio's settings have them."""
    return {key: choice or "none" for key, choice in qconfigs.items()}


class Golden:
    def __init__(self, case, model, traced, names, batches, test):
        self.case, self.model, self.names, self.batches, self.test = case, model, names, batches, test
        self.params = set(traced.state_dict())
        self.mapping = lambda: qconfig_mapping(QCONFIGS[case.qconfig], case.names, case.types)
        self.equalization = equalization_mapping(case.equalize, case.equalize_names, case.equalize_types)
        self.text = isinstance(model, Chain)
        self.result = {"error": None, **self.configuration()}

    def configuration(self):
        case = self.case
        return {
            "name": case.name,
            "qconfig": case.qconfig,
            "qconfigs": {"byName": choices(case.names), "byType": choices(case.types)},
            "equalization": {"global": case.equalize, "byName": case.equalize_names, "byType": case.equalize_types},
            "calibration": [self.inputs_json(batch) for batch in self.batches],
            "test": self.inputs_json(self.test),
        }

    def inputs_json(self, batch):
        return {name: tensor_json(tensor) for name, tensor in zip(self.names, batch)}

    def json(self):
        self.result["outputs"] = {"float": run(self.model, self.test)}
        try:
            self.walk()
        except Refusal as refusal:
            self.result["error"] = {**refusal.json, "node": self.case.fault}
        return self.result

    def walk(self):
        result, outputs = self.result, self.result["outputs"]
        observed = attempt("prepare", prepared, self.model, self.mapping(), self.batches[0], self.equalization)
        attempt("calibrate", calibrate, observed, self.batches)
        result["prepared"] = self.observed_json(observed)
        plain = self.plain()
        scaled, scales = attempt("equalize", equalized, observed)
        result["equalized"] = {
            **self.observed_json(scaled, observed),
            "scales": scales_by_layer(observed, scales),
            "params": params_json(scaled, self.params),
        }
        outputs["equalizedFloat"] = run(scaled, self.test)
        reference = attempt("convert", converted, observed)
        result["reference"] = self.reference_json(reference)
        outputs["int8Equalized"] = run(reference, self.test)
        result["plain"], outputs["int8Plain"] = self.plain_json(plain)
        low = attempt("lower", lowered, observed)
        result["converted"] = self.lowered_json(low)
        result["layerSqnr"] = {"plain": self.sqnr(plain, lambda: lowered(plain)), "equalized": self.sqnr(plain, lambda: low)}

    def plain(self):
        """The same without equalization; None where PyTorch refuses the equalized one already."""
        model = prepared(self.model, self.mapping(), self.batches[0])
        return calibrate(model, self.batches)

    def plain_json(self, plain):
        reference = converted(plain)
        entry = {**self.observed_json(plain), "reference": self.reference_json(reference)}
        try:
            entry["converted"] = self.lowered_json(lowered(plain))
        except Exception:  # the equalized one's lowering raises the same and is recorded, or has a mul in the way
            entry["converted"] = None
        return entry, run(reference, self.test)

    def observed_json(self, model, named_by=None):
        names = seed_names(named_by or model)
        entry = {"nodes": GraphJson(model, self.params).nodes(names), "observers": observers_json(model)}
        if self.text:
            entry["seedGraph"] = renamed(str(model.graph), names)
        return entry

    def reference_json(self, model):
        return {"nodes": GraphJson(model, self.params).nodes(), "weights": reference_weights(model)}

    def lowered_json(self, model):
        entry = {"nodes": GraphJson(model, self.params).nodes(), "outputs": output_qparams(model)}
        return {**entry, "seedGraph": seed_converted(model.graph)} if self.text else entry

    def sqnr(self, plain, low):
        """The numeric suite's figures, and what get_equalization_qconfig_dict makes of them."""
        try:
            figures = layer_sqnr(plain, low(), self.test)
        except Exception as error:  # lowering, or the suite, which is younger than the graphs: what it cannot do is recorded
            return {"error": f"{type(error).__name__}: {error}".strip()}
        sqnr = {str(name): number(value) for name, value in figures.items()}
        return {"sqnr": sqnr, "lowest": {count: lowest(figures, count) for count in (1, 2)}}
