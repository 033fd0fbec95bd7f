"""Writes e2e/oracle/goldens: what PyTorch 1.13.1 does on each case. Run: /usr/bin/python3 e2e/oracle/goldens.py

README.md in this folder describes the files. With a folder and a seed it writes cases of the same kinds elsewhere:
`goldens.py /tmp/other 5000`, then `GOLDENS=/tmp/other npx vitest run goldens`.
"""
import copy
import json
import sys
from pathlib import Path

import torch
import fx_file
from cases import CASES
from quantize import QCONFIGS, converted, equalized, lowered, prepared, qconfig_mapping
from record import converted_json, seed_names, graph_text, number, observers_json, params_json, tensor_json

GOLDENS = Path(__file__).resolve().parent / "goldens"
TEST_ROWS = 48  # one value a step aside, where a tie falls the other way, leaves the SQNR above 45 dB


def scales_by_layer(prepared_model, scales):
    """The scale of each equalized layer, by the layer's node name."""
    result = {}
    for node in prepared_model.graph.nodes:
        if node.op == "call_module" and node.target in scales:
            for user in node.users:
                result[user.name] = [number(v) for v in scales[node.target].reshape(-1)]
    return result


def run(model, x):
    with torch.no_grad():
        return tensor_json(copy.deepcopy(model)(x))


def golden(case, model, batches, test):
    mapping = qconfig_mapping(QCONFIGS[case.qconfig], case.names, case.types)
    plain = prepared(model, mapping, batches, equalize=False)
    observed = prepared(model, mapping, batches, True, case.selected)
    scaled, scales = equalized(observed)
    names = seed_names(observed)
    return {
        "name": case.name,
        "qconfig": case.qconfig,
        "qconfigs": {"byName": choices(case.names), "byType": choices(case.types)},
        "selected": case.selected,
        "calibration": [tensor_json(batch) for batch in batches],
        "test": tensor_json(test),
        "prepared": {**graph_text(observed, names), "observers": observers_json(observed)},
        "equalized": {
            **graph_text(scaled, names),
            "scales": scales_by_layer(observed, scales),
            "observers": observers_json(scaled),
            "params": params_json(scaled),
        },
        "plain": {
            **graph_text(plain, seed_names(plain)),
            "observers": observers_json(plain),
            "converted": converted_json(lowered(plain)),
        },
        "converted": converted_json(lowered(observed)),
        "outputs": {
            "float": run(model, test),
            "equalizedFloat": run(scaled, test),
            "int8Plain": run(converted(plain), test),
            "int8Equalized": run(converted(observed), test),
        },
    }


def choices(qconfigs):
    """The names of qconfigs as the studio's settings have them."""
    return {key: choice or "none" for key, choice in qconfigs.items()}


def write_case(folder, seed, case):
    torch.manual_seed(seed)
    model = case.model().eval()
    batches = [case.data(torch.randn(rows, case.width)) for rows in case.rows]
    test = case.data(torch.randn(TEST_ROWS, case.width))
    fx_file.write(folder / f"{case.name}.safetensors", model)
    text = json.dumps(golden(case, model, batches, test), separators=(",", ":"))
    (folder / f"{case.name}.json").write_text(text + "\n")


def main():
    if not torch.__version__.startswith("1.13"):
        raise SystemExit(f"The goldens are PyTorch 1.13's; this is {torch.__version__}.")
    torch.set_num_threads(1)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDENS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    folder.mkdir(exist_ok=True)
    for index, case in enumerate(CASES):
        write_case(folder, seed + index, case)
    (folder / "index.json").write_text(json.dumps([case.name for case in CASES], indent=2) + "\n")
    total = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{len(CASES)} cases, {total / 1000:.0f} kB")


if __name__ == "__main__":
    main()
