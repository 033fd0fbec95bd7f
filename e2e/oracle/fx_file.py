"""The exporter that users download, for the scripts of this folder."""
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # public/ is served as it is, __pycache__ and all
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "public"))
from fx_export import export  # noqa: E402


def write(path, module):
    """Traces `module` and writes it; gives the traced GraphModule."""
    return export(module, path)
