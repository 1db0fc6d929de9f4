"""Which samples a person wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.samples.survey import Survey
from schemas.artifacts import RejectedSample, RemovedSample, Sample, SnapshotDocument
from shared.errors import BadInput
from shared.nearest import nearest
from shared.text.language import detect_language


@dataclass(frozen=True)
class Wanted:
    """What was asked for; None: any. ``document`` is a document's id, ``arm`` an arm's name."""

    type: str | None = None
    code: str | None = None
    language: str | None = None
    document: str | None = None
    arm: str | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Wanted()

    def kept(self, sample: Sample, survey: Survey) -> bool:
        """Whether to show a sample that was kept, and not taken out later."""
        if self.arm is not None and sample.id not in survey.arms[self.arm]:
            return False
        return self._fits(sample.type, sample.language, sample.documents)

    def removed(self, removed: RemovedSample) -> bool:
        """Whether to show a sample that was taken out later."""
        sample = removed.sample
        return self.code in (None, removed.code) and self._fits(sample.type, sample.language, sample.documents)

    def rejected(self, rejected: RejectedSample) -> bool:
        """Whether to show a refused sample."""
        if self.code not in (None, rejected.code):
            return False
        language = detect_language(rejected.question) if self.language else ""
        return self._fits(rejected.type, language, rejected.documents)

    def _fits(self, type: str | None, language: str, documents: Sequence[str]) -> bool:
        return (
            self.type in (None, type)
            and self.language in (None, language)
            and (self.document is None or self.document in documents)
        )


def known_arm(name: str, survey: Survey) -> str:
    """The name of the arm with this name or slug. Raises BadInput when it has no synthetic samples."""
    run = survey.run.run
    arm = next((arm for arm in survey.experiment.arms if name in (arm.name, arm.slug)), None)
    if arm is None:
        names = [arm.name for arm in survey.experiment.arms]
        raise BadInput(f"run {run!r} has no arm {name!r}{nearest(name, names)}; its arms: {', '.join(names)}")
    if arm.name in survey.arms:
        return arm.name
    if arm.train is None or not arm.train.synthetic:
        raise BadInput(f"arm {arm.name!r} of run {run!r} is not trained on synthetic samples; leave --arm out")
    raise BadInput(f"arm {arm.name!r} of run {run!r} has no dataset yet; leave --arm out to see all samples so far")


def known_document(name: str, survey: Survey) -> str:
    """The id of the document with this key (or its end), URL, title or id. Raises BadInput for none or several."""
    documents = survey.documents.values()
    found = [document for document in documents if name in _names(document)]
    found = found or [d for d in documents if d.key.endswith(f"/{name}") or d.document.startswith(name)]
    if len(found) == 1:
        return found[0].document
    if found:
        keys = ", ".join(document.key for document in found[:5])
        raise BadInput(f"{len(found)} documents fit {name!r} ({keys}); write the whole key of one")
    keys_and_ends = {key for document in documents for key in (document.key, document.key.rpartition("/")[2])}
    raise BadInput(f"run {survey.run.run!r} has no document {name!r}{nearest(name, sorted(keys_and_ends))}")


def _names(document: SnapshotDocument) -> list[str]:
    return [document.document, document.key, document.url, document.title, *document.aliases]
