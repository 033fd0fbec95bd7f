"""Writes e2e/oracle/goldens: what PyTorch 1.13.1 does on each case. Run: /usr/bin/python3 e2e/oracle/goldens.py

README.md in this folder describes the files. With a folder and a seed it writes cases of the same kinds, of other
sizes and data, elsewhere: `goldens.py /tmp/other 5000`, then `GOLDENS=/tmp/other npx vitest run goldens`.
Names of cases behind the seed: only those, into a folder that has the others.
"""
import json
import sys
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
import torch  # noqa: E402
import fx_file  # noqa: E402
from cases import CASES, GOLDEN_SEED, Sizes  # noqa: E402
from data import sample  # noqa: E402
from golden import Golden  # noqa: E402

GOLDENS = Path(__file__).resolve().parent / "goldens"
OTHERS = ("observers.json",)


def batch(inputs, rows, data):
    return tuple(sample(spec, rows, data) for spec in inputs.values())


def write_case(folder, seed, case):
    """A case's numbers depend on its name and the seed alone, not on its place in the list."""
    own_seed = seed + zlib.crc32(case.name.encode())
    sizes = Sizes(own_seed if seed != GOLDEN_SEED else GOLDEN_SEED)
    torch.manual_seed(own_seed)
    model, inputs = case.build(sizes)
    model.eval()
    rows = [count if count is None else sizes(count) for count in case.rows]
    batches = [batch(inputs, count, case.data) for count in rows]
    test = batch(inputs, case.test_rows, case.data)
    traced = fx_file.write(folder / f"{case.name}.safetensors", model)
    golden = Golden(case, model, traced, list(inputs), batches, test).json()
    (folder / f"{case.name}.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    return golden


def summary(golden):
    error = golden["error"]
    return f"{error['step']}: {error['type']}: {error['message'][:90]}" if error else "ok"


def contents(golden):
    """Which parts the golden has: it ends where PyTorch raised."""
    parts = [key for key in ("prepared", "equalized", "plain", "reference", "converted", "layerSqnr") if key in golden]
    parts += ["text"] if "seedGraph" in golden.get("prepared", {}) else []
    return parts + (["error"] if golden["error"] else [])


def unexpected(case, golden):
    """A case says which node is at fault where PyTorch raises, and only there."""
    return bool(case.fault) != bool(golden["error"])


def write_all(folder, seed):
    for path in folder.iterdir():
        if path.name not in OTHERS:
            path.unlink()
    wrong = write_cases(folder, seed, CASES)
    total = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{len(CASES)} cases, {total / 1000:.0f} kB")
    return wrong


def write_cases(folder, seed, cases):
    """Writes them and their lines of the index; gives the names of those that raise unexpectedly."""
    path, wrong = folder / "index.json", []
    index = json.loads(path.read_text()) if path.exists() else {}
    for case in cases:
        golden = write_case(folder, seed, case)
        wrong += [case.name] if unexpected(case, golden) else []
        index[case.name] = contents(golden)
        print(f"{case.name}: {summary(golden)}", flush=True)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(parts)}" for name, parts in index.items())
    path.write_text("{\n" + lines + "\n}\n")
    return wrong


def main():
    if not torch.__version__.startswith("1.13"):
        raise SystemExit(f"The goldens are PyTorch 1.13's; this is {torch.__version__}.")
    torch.set_num_threads(1)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDENS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else GOLDEN_SEED
    named = [case for case in CASES if case.name in sys.argv[3:]]
    folder.mkdir(exist_ok=True)
    wrong = write_cases(folder, seed, named) if named else write_all(folder, seed)
    if wrong:
        raise SystemExit(f"Raised where the case names no fault, or the other way round: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
