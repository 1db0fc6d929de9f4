"""Samples that the local models write over real documents, Korean and English, which nobody here wrote."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from schemas.artifacts import Chunk, Sample
from schemas.recipe import AnswerLength, Recipe, Unit
from shared.bedrock.ports import Account
from shared.prompting.library import refusals, shipped_prompts
from tests.brute_force import brute_force_duplicates
from tests.unit.workers.training_data.checks import in_other_language, without_evidence
from tests.unit.workers.training_data.engine import local_models, parsed
from workers.synthetic_gen.writing import Material, Written, write_samples

DATA = Path("../shared/data/documents")
FOLDERS = {
    "openinfradev__decapod-docs/docs": "ko",
    "openinfradev__taco-docs/docs": "ko",
    "magma__magma/docs": "en",
    "opennetworkinglab__aether-docs": "en",
}
MOST_DOCUMENTS = 12
"""Of each folder: reading and asking take their time."""

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real documents of ../shared/data are not beside this checkout"
)
RECIPE = Recipe(
    teacher="local.teacher-v1", checker="local.judge-v1", closed_book="local.reader-v1", prompts=shipped_prompts(),
    refusals=refusals(), per_1000_tokens=5,
    lengths={language: AnswerLength(least=1, usual=20, most=80) for language in ("en", "ko")},
)  # fmt: skip


@needs_data
@pytest.mark.parametrize("folder", FOLDERS)
async def test_every_kept_sample_is_grounded_in_one_language_and_asked_once(folder: str) -> None:
    kept, chunks_by_id, codes = list[Sample](), dict[str, Chunk](), Counter[str]()
    for _, document, chunks in list(parsed(DATA / folder))[:MOST_DOCUMENTS]:
        chunks_by_id |= {chunk.id: chunk for chunk in chunks}
        material = Material(
            Unit(documents=[document.document]), chunks, {document.document: document.title or ""}, document.language, 0
        )
        written: Written = await write_samples(local_models(), RECIPE, material, Account("run/test", "synthetic-gen"))
        assert brute_force_duplicates((sample.id, sample.question) for sample in written.kept) == []
        assert written.asked == len(written.kept) + len(written.rejected) + written.nothing
        kept += written.kept
        codes.update(rejected.code for rejected in written.rejected)
    assert len(kept) >= 5, codes
    assert without_evidence(kept, chunks_by_id) == []
    assert len(in_other_language(kept)) <= 0.01 * len(kept)
    assert Counter(sample.language for sample in kept).most_common(1)[0][0] == FOLDERS[folder]
