"""run.yaml as a person wrote it, read with everything that it names; every mistake at once, with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas.artifacts import GroundTruth
from schemas.experiment import Experiment
from shared import marked_yaml
from shared.bedrock.families import family_of
from shared.errors import BadGroundTruth, BadRunFile
from shared.ground_truth import read_ground_truth
from shared.inbox import is_document
from shared.marked_yaml import MarkedYaml


@dataclass(frozen=True)
class RunFile:
    """An experiment ready to be submitted: prompts inlined, files read. ``documents`` is empty for an s3:// corpus."""

    path: Path
    experiment: Experiment
    ground_truth: bytes
    truth: Sequence[GroundTruth]
    folder: Path | None
    documents: Sequence[Path]


def load_run_file(path: Path) -> RunFile:
    """Reads run.yaml and all it names. Raises BadRunFile with every mistake found."""
    if path.is_dir():
        raise BadRunFile(f"{path}: is a folder; name the file in it, such as {path / 'run.yaml'}")
    if not path.is_file():
        raise BadRunFile(f"{path}: no such file; `groundtune init` writes a starter run.yaml")
    try:
        marked = marked_yaml.read(path.read_text(encoding="utf-8"))
    except marked_yaml.BadYaml as error:
        raise BadRunFile(f"{path}: {error}") from None
    except UnicodeDecodeError:
        raise BadRunFile(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    return _Reader(path, marked).read()


class _Reader:
    """Collects mistakes while it reads, so that a person sees all of them."""

    def __init__(self, path: Path, marked: MarkedYaml) -> None:
        self._path = path
        self._base = path.parent
        self._marked = marked
        self._problems: list[str] = []

    def read(self) -> RunFile:
        prompts = self._prompts()
        experiment = self._experiment()
        if experiment is None:
            raise BadRunFile(self._problems)
        body, truth = self._ground_truth(experiment)
        folder, documents = self._documents(experiment)
        self._check_arms(experiment, truth)
        self._check_given(experiment, truth)
        if self._problems:
            raise BadRunFile(self._problems)
        inlined = experiment.model_copy(update={"prompts": prompts})
        return RunFile(self._path, inlined, body, truth, folder, documents)

    def _mistake(self, where: tuple[str | int, ...], message: str) -> None:
        self._problems.append(f"{self._path.name} line {self._marked.line(where)}: {message}")

    def _experiment(self) -> Experiment | None:
        for path in self._marked.doubled:
            self._mistake(path, f"{marked_yaml.dotted(path)} is written twice; keep one")
        try:
            return Experiment.model_validate(self._marked.data)
        except ValidationError as error:
            for path, message in marked_yaml.problems(error, Experiment):
                self._mistake(path, message)
            return None

    def _prompts(self) -> dict[str, str]:
        """Prompt texts by name. A value of several lines is the prompt itself, else the name of its file."""
        data = self._marked.data
        named: Any = data.get("prompts") if isinstance(data, dict) else None
        texts = {}
        for name, value in named.items() if isinstance(named, dict) else ():
            if isinstance(value, str):
                texts[str(name)] = value.strip() if "\n" in value.strip() else self._prompt_file(str(name), value)
        return texts

    def _prompt_file(self, name: str, value: str) -> str:
        file = self._base / value.strip()
        try:
            text = file.read_text(encoding="utf-8").strip()
        except OSError:
            self._mistake(("prompts", name), f"prompt {name!r}: there is no file {file}; write the prompt there")
            return ""
        if not text:
            self._mistake(("prompts", name), f"prompt {name!r}: {file} is empty; write the prompt there")
        return text

    def _ground_truth(self, experiment: Experiment) -> tuple[bytes, list[GroundTruth]]:
        file = self._base / experiment.ground_truth
        try:
            body = file.read_bytes()
        except OSError:
            self._mistake(("ground_truth",), f"there is no ground-truth file {file}")
            return b"", []
        try:
            return body, read_ground_truth(file.name, body)
        except BadGroundTruth as error:
            self._problems += error.problems
            return body, []

    def _documents(self, experiment: Experiment) -> tuple[Path | None, list[Path]]:
        where = experiment.corpus.documents
        if where.startswith("s3://"):
            return None, []
        folder = self._base / where
        if not folder.is_dir():
            message = f"there is no folder {folder}; name a folder or an s3://bucket/prefix"
            self._mistake(("corpus", "documents"), message)
            return folder, []
        documents = corpus_files(folder)
        if not documents:
            self._mistake(("corpus", "documents"), f"folder {folder} holds no documents; put some there")
        return folder, documents

    def _check_given(self, experiment: Experiment, truth: Sequence[GroundTruth]) -> None:
        """Retrieval by ground truth needs pairs that name documents, and no more than a model is given chunks."""
        if experiment.retrieval.by != "ground_truth":
            return
        top_k = experiment.retrieval.top_k
        none = [pair.id for pair in truth if not pair.documents]
        if none:
            message = f"{len(none)} of {len(truth)} pairs name no `documents`, the first is {none[0]!r}"
            self._mistake(
                ("retrieval", "by"), f"retrieval.by is ground_truth, but {message}; name their links, or write `search`"
            )
        most = max(truth, key=lambda pair: len(pair.documents), default=None)
        if most is not None and len(most.documents) > top_k:
            message = f"pair {most.id!r} names {len(most.documents)} documents"
            self._mistake(
                ("retrieval", "top_k"), f"retrieval.top_k is {top_k}, but {message}; raise it to that, or name fewer"
            )

    def _check_arms(self, experiment: Experiment, truth: Sequence[GroundTruth]) -> None:
        if not truth:
            return
        left = len(truth) - experiment.split.evaluation
        if left < 0:
            message = f"asks for {experiment.split.evaluation} questions, but there are only {len(truth)} pairs"
            self._mistake(("split", "evaluation"), f"split.evaluation {message}")
            return
        for place, arm in enumerate(experiment.arms):
            where = ("arms", place)
            if arm.train and arm.train.original > left:
                reason = f"{len(truth)} pairs less {experiment.split.evaluation} for evaluation"
                wish = f"arm {arm.name!r} asks for {arm.train.original} original pairs"
                self._mistake(where, f"{wish}, but at most {left} are left for training ({reason})")
            if arm.train:
                self._check_rows(experiment, where, arm.name, arm.train.original + arm.train.synthetic)

    def _check_rows(self, experiment: Experiment, where: tuple[str | int, ...], arm: str, rows: int) -> None:
        family = family_of(experiment.models.student)
        if family is None:
            message = f"{experiment.models.student!r} cannot be fine-tuned by groundtune, but arm {arm!r} trains"
            self._mistake(("models", "student"), message)
        elif not family.min_rows <= rows <= family.max_rows:
            limits = f"{family.min_rows} to {family.max_rows:,}"
            self._mistake(where, f"arm {arm!r} has {rows} examples; {family.name} models accept {limits}")


def corpus_files(folder: Path) -> list[Path]:
    """The documents of a folder, in name order: what doc-ingest would take, hidden folders left out."""
    files = (file for file in folder.rglob("*") if file.is_file() and is_document(file.relative_to(folder).as_posix()))
    return sorted(file for file in files if not any(part.startswith(".") for part in file.relative_to(folder).parts))
