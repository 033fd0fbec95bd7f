"""All cases, by theme."""
from cases import convs, defects, functional, keywords, linears, ops, refused, shapes, sizes
from cases.case import GOLDEN_SEED, Case, Sizes

CASES = [
    *linears.CASES,
    *functional.CASES,
    *convs.CASES,
    *ops.CASES,
    *shapes.CASES,
    *defects.CASES,
    *refused.CASES,
    *sizes.CASES,
    *keywords.CASES,
]
assert len({case.name for case in CASES}) == len(CASES), "two cases of one name"
__all__ = ["CASES", "GOLDEN_SEED", "Case", "Sizes"]
