"""A small corpus and experiment in memory: documents ingested, ground truth and run.yaml in place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import yaml

from schemas.artifacts import Chunk, Document, GroundTruth, ManifestEntry
from schemas.base import content_hash
from schemas.experiment import Experiment
from schemas.recipe import Chunking
from schemas.state import ObjectRecord
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import Call

RUN = "demo-1"
CORPUS = "demo"
CHUNKING = Chunking().fingerprint()


def experiment(**changes: Any) -> Experiment:
    """Three arms over the demo corpus; keyword arguments replace keys of run.yaml."""
    return Experiment.model_validate(
        {
            "name": "demo",
            "corpus": {"name": CORPUS, "documents": "documents"},
            "ground_truth": "ground_truth.jsonl",
            "models": {"student": "local.reader-v1", "teacher": "local.teacher-v1"},
            "prompts": {"plain": "Answer.", "good": "Answer well."},
            "split": {"by": "group", "evaluation": 4},
            "arms": [
                {"name": "baseline", "prompt": "plain"},
                {"name": "prompt", "prompt": "good"},
                {"name": "ft", "prompt": "good", "train": {"original": 4, "synthetic": 6}},
            ],
            **changes,
        }
    )


def text_of(number: int) -> str:
    """The text of document ``number``, with words of its own."""
    name = f"{WORDS[number].title()} gadget{number}"
    return f"{name} has limit {number}00 and the code ZX{number}. It was built for region r{number} in winter."


def document_of(number: int) -> str:
    """The id of document ``number``."""
    return content_hash(text_of(number))


async def put_run(services: Services, documents: int = 6, **changes: Any) -> None:
    """Stores run.yaml, ground truth (two pairs a document) and the manifest."""
    body = yaml.safe_dump(experiment(**changes).model_dump(mode="json")).encode()
    await services.artifacts.write_bytes(keys.run(RUN, "run.yaml"), body, "application/yaml")
    truth = [
        GroundTruth(
            id=f"q{n}-{kind}",
            question=f"{WORDS[n].title()} gadget{n}: {ask}?",
            answer=f"It is {n}.",
            references=[url(n)],
        )
        for n in range(documents)
        for kind, ask in (("limit", "which limit"), ("region", "in which region was it built"))
    ]
    await services.artifacts.write_lines(keys.run(RUN, "ground_truth.jsonl"), truth)
    manifest = [ManifestEntry(bucket=bucket(services), key=key(n), etag=f"etag{n}") for n in range(documents)]
    await services.artifacts.write_lines(keys.run(RUN, "manifest.jsonl"), manifest)
    sources = "path,url,title\n" + "".join(f"{n}.md,{url(n)},Gadget {n}\n" for n in range(documents))
    await services.artifacts.write_bytes(keys.corpus_config(CORPUS, "sources.csv"), sources.encode(), "text/csv")


async def ingest(services: Services, number: int) -> None:
    """What doc-ingest leaves behind for one document."""
    where = (CORPUS, document_of(number), CHUNKING)
    text = text_of(number)
    chunk = Chunk(id=content_hash(text)[:16], document=document_of(number), text=text, start=0, end=len(text))
    await services.artifacts.write(
        keys.document(*where, "document.json"), Document(document=document_of(number), media_type="text/markdown")
    )
    await services.artifacts.write_lines(keys.document(*where, "chunks.jsonl"), [chunk])
    await services.corpora.put_object(
        ObjectRecord(
            corpus=CORPUS, bucket=bucket(services), key=key(number), etag=f"etag{number}", chunking=CHUNKING,
            status="ingested", document=document_of(number), chunks=1,
        )
    )  # fmt: skip


def teacher(call: Call) -> str:
    """A teacher that fills every slot with a good pair that it shall not avoid, and knows nothing by heart."""
    task = task_of(call)
    if "check" in task:
        return "UNKNOWN"
    return json.dumps(rows(call, lambda about: [_question(word, about) for word in WORDS]))


def rows(call: Call, questions: Callable[[list[int]], Iterable[str]]) -> list[dict[str, Any]]:
    """A reply's elements: for each slot the first of ``questions`` (about documents of these numbers) that is new."""
    task, numbers = task_of(call), [int(number) for number in re.findall(r"gadget(\d+)", call.user)]
    said, written = set(task["avoid"]), []
    for slot in task["slots"]:
        about = [numbers[place - 1] for place in slot["about"]]
        question = next((question for question in questions(about) if question not in said), None)
        said.add(question)
        written.append(_pair(slot, question, about) if question else {"slot": slot["slot"], "none": "all is asked"})
    return written


def task_of(call: Call) -> dict[str, Any]:
    """What a model is asked for beside documents."""
    match = re.search(r"<task>(.*)</task>", call.user)
    assert match is not None
    task: dict[str, Any] = json.loads(match[1])
    return task


def _question(word: str, about: list[int]) -> str:
    return f"{word} {word} {word}: what of series {' and '.join(map(str, about))}?"


def _pair(slot: dict[str, Any], question: str, about: list[int]) -> dict[str, Any]:
    return {
        "slot": slot["slot"],
        "type": slot["type"],
        "question": question,
        "answer": " ".join(f"Its code is ZX{number}." for number in about),
        "citations": slot["about"],
        "evidence": [
            {"document": place, "quote": f"the code ZX{number}"}
            for place, number in zip(slot["about"], about, strict=True)
        ],
    }


WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima")


def url(number: int) -> str:
    """The source URL of document ``number``."""
    return f"https://docs.example/{number}"


def key(number: int) -> str:
    """The inbox key of document ``number``."""
    return keys.inbox(CORPUS, f"{number}.md")


def bucket(services: Services) -> str:
    return services.artifacts.objects.bucket
