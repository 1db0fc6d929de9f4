from __future__ import annotations

from dataclasses import replace

from tests.unit.workers.scorer.making import BASELINE, FT_40, PROMPT, result
from workers.scorer.effects import effects
from workers.scorer.pairing import Paired

IDS = [f"q{n:02d}" for n in range(40)]
RESULTS = [
    result(BASELINE, {id: 0.2 + n % 3 / 100 for n, id in enumerate(IDS)}),
    result(PROMPT, {id: 0.4 + n % 5 / 100 for n, id in enumerate(IDS)}),
    result(FT_40, {id: 0.4 + n % 7 / 100 for n, id in enumerate(IDS)}),
]


def test_what_stands_in_the_table_is_told_as_it_stands_there() -> None:
    paired = Paired(RESULTS, IDS, seed=7, metrics=["rougeL"])
    table = paired.against("baseline", ["rougeL"])
    prompt, tuning = effects(paired, RESULTS, ["rougeL"], table)
    assert "helped" in prompt and "a gain" in prompt
    assert tuning.startswith("Fine-tuning, with the same prompt (ft-40 against prompt)")
    among_many = {column: replace(change, p_adjusted=0.2) for column, change in table.items()}
    told = effects(paired, RESULTS, ["rougeL"], among_many)
    assert "no difference beyond chance among so many comparisons" in told[0]
    assert told[1] == tuning
