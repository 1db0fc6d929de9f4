"""How much two arms differ, and how sure that is: pure functions over metric values of the same questions.

``PairedTable`` compares any two arms on any metric with draws that all of them share. docs/statistics.md says what each
number is and where its method comes from.
"""

from workers.scorer.statistics.change import Change, adjusted
from workers.scorer.statistics.signature import signature
from workers.scorer.statistics.table import PairedTable
from workers.scorer.statistics.values import ALMOST_ZERO, ALPHA, DIGITS, DRAWS, LEVEL, Rates, Values, mean

__all__ = [
    "ALMOST_ZERO",
    "ALPHA",
    "DIGITS",
    "DRAWS",
    "LEVEL",
    "Change",
    "PairedTable",
    "Rates",
    "Values",
    "adjusted",
    "mean",
    "signature",
]
