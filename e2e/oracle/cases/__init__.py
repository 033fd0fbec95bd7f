"""All cases, by theme."""
from cases import convs, defects, functional, linears, ops, refused, shapes
from cases.case import GOLDEN_SEED, Case, Sizes

CASES = [
    *linears.CASES,
    *functional.CASES,
    *convs.CASES,
    *ops.CASES,
    *shapes.CASES,
    *defects.CASES,
    *refused.CASES,
]
assert len({case.name for case in CASES}) == len(CASES), "two cases of one name"
__all__ = ["CASES", "GOLDEN_SEED", "Case", "Sizes"]
