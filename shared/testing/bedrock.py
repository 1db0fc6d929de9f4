"""Amazon Bedrock by script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from zlib import crc32

from shared.bedrock.deployments import kind_of
from shared.bedrock.embedding_cache import unit
from shared.bedrock.holdings import Holding, HoldingKind
from shared.bedrock.ports import Account, Answer, Deployment, Deploys, Grounding, Job, ModelCard, ToolSpec
from shared.errors import Poison

Said = str | dict[str, Any] | Answer | Exception
"""A text, the input of a tool, a whole answer, or an error that is raised."""
Script = Callable[["Call"], Said]
EmbedScript = Callable[[str], Sequence[float]]
GroundScript = Callable[["GroundCall"], "Grounding | Exception"]
DIMENSIONS = 64
HERE = "arn:aws:bedrock:us-east-1:123456789012"
ANY_BASE = ModelCard("a provider", "a model", customizations=("FINE_TUNING",), inference=("ON_DEMAND", "PROVISIONED"))
"""What ``base_card`` says of a model that has no card of its own."""
_RESOURCE: dict[Deploys, str] = {"on_demand": "custom-model-deployment", "provisioned": "provisioned-model"}


@dataclass(frozen=True)
class Call:
    """One ``converse``, as it was asked."""

    model: str
    system: str
    user: str
    max_tokens: int
    account: Account | None = None
    tool: ToolSpec | None = None


@dataclass(frozen=True)
class EmbedCall:
    """One ``embed``, as it was asked."""

    model: str
    texts: tuple[str, ...]
    account: Account | None


@dataclass(frozen=True)
class GroundCall:
    """One ``ground``, as it was asked."""

    guardrail: str
    version: str
    source: str
    query: str
    answer: str
    account: Account | None


def letters(text: str) -> list[float]:
    """An embedding without a model: how often each run of three characters occurs, hashed. Like texts lie near."""
    counts = [0.0] * DIMENSIONS
    padded = f" {text.lower()} "
    for start in range(len(padded) - 2):
        counts[crc32(padded[start : start + 3].encode()) % DIMENSIONS] += 1
    return counts


class FakeBedrock:
    """Answers what ``script`` says, an exception being raised; a list is answered in order, its last entry for ever.

    To a call with a tool the script says a mapping, the tool's input; for one that says a text, the model cannot call.

    ``embed`` gives a text's vector, of any length, or raises; ``ground`` says what a guardrail finds.

    Jobs and deployments go through ``looks`` reads before they end as ``job_ends`` and ``deployment_ends`` say.
    """

    def __init__(
        self, script: Script | Iterable[Said] = ("an answer",), *, looks: int = 1,
        job_ends: Literal["Completed", "Failed", "Stopped"] = "Completed",
        deployment_ends: Literal["Active", "Failed"] = "Active", embed: EmbedScript = letters,
        ground: GroundScript = lambda call: Grounding(1.0, 1.0, blocked=False),
    ) -> None:  # fmt: skip
        self._script = script if callable(script) else _in_order(list(script))
        self._looks = looks
        self._job_ends = job_ends
        self._deployment_ends = deployment_ends
        self._left: dict[str, int] = {}
        self._embed = embed
        self._ground = ground
        self.calls: list[Call] = []
        self.embeds: list[EmbedCall] = []
        self.grounds: list[GroundCall] = []
        self.cards: dict[str, ModelCard] = {}
        self.jobs: dict[str, Job] = {}
        self.deployments: dict[str, Deployment] = {}
        self.started: dict[str, Mapping[str, Any]] = {}
        """Arguments of each ``create_job`` by job ARN."""
        self.unknown: dict[str, str] = {}
        """Base models that Bedrock does not know, and how it says so."""
        self.created: list[str] = []
        """ARN of everything that was made, in order: jobs, deployments and provisioned throughput."""
        self.tags: dict[str, Mapping[str, str]] = {}
        self.born: dict[str, float] = {}
        """Unix seconds at which a thing was made; 0 where a test says nothing."""

    async def converse(
        self, *, model: str, system: str, user: str, max_tokens: int, cache: bool = True,
        account: Account | None = None, tool: ToolSpec | None = None,
    ) -> Answer:  # fmt: skip
        call = Call(model, system, user, max_tokens, account, tool)
        self.calls.append(call)
        said = self._script(call)
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, Answer) else _answer(call, said)

    async def embed(self, *, model: str, texts: Sequence[str], account: Account | None = None) -> list[list[float]]:
        self.embeds.append(EmbedCall(model, tuple(texts), account))
        if any(not text.strip() for text in texts):
            raise ValueError("a text has nothing to embed")
        return [unit(self._embed(text)) for text in texts]

    async def ground(
        self, *, guardrail: str, version: str, source: str, query: str, answer: str, account: Account | None = None
    ) -> Grounding:
        call = GroundCall(guardrail, version, source, query, answer, account)
        self.grounds.append(call)
        said = self._ground(call)
        if isinstance(said, Exception):
            raise said
        return said

    async def card(self, model: str) -> ModelCard | None:
        return self.cards.get(model)

    async def base_card(self, model: str) -> ModelCard:
        if model in self.unknown:
            raise Poison(f"GetFoundationModel {model}: {self.unknown[model]}")
        return self.cards.get(model, ANY_BASE)

    async def create_job(
        self, *, name: str, token: str, model_name: str, base_model: str, training_uri: str, output_uri: str,
        hyperparameters: Mapping[str, str], tags: Mapping[str, str],
    ) -> str:  # fmt: skip
        arn = f"{HERE}:model-customization-job/{name}"
        if arn not in self.jobs:
            self.jobs[arn] = Job(arn, "InProgress")
            self._made(arn, tags)
            self.started[arn] = {
                "name": name, "token": token, "model_name": model_name, "base_model": base_model,
                "training_uri": training_uri, "output_uri": output_uri, "hyperparameters": dict(hyperparameters),
                "tags": dict(tags),
            }  # fmt: skip
        return arn

    async def get_job(self, arn: str) -> Job:
        job = self.jobs[arn]
        if job.status == "InProgress" and self._looked(arn):
            model = f"{arn.rsplit('/', 1)[0].replace('customization-job', 'custom')}/{arn.rsplit('/', 1)[1]}"
            done = self._job_ends == "Completed"
            failure = "the script says so" if self._job_ends == "Failed" else None
            job = replace(job, status=self._job_ends, model=model if done else None, failure=failure)
            self.jobs[arn] = job
        return job

    async def stop_job(self, arn: str) -> None:
        if self.jobs[arn].status == "InProgress":
            self.jobs[arn] = replace(self.jobs[arn], status="Stopped")

    async def find_job(self, name: str) -> str | None:
        return next((arn for arn in self.jobs if arn.endswith(f"/{name}")), None)

    async def create_deployment(
        self, *, name: str, token: str, model: str, tags: Mapping[str, str], deploys: Deploys = "on_demand"
    ) -> str:
        arn = f"{HERE}:{_RESOURCE[deploys]}/{name}"
        if arn not in self.deployments:
            self.deployments[arn] = Deployment(arn, "Creating")
            self._made(arn, tags)
        return arn

    async def find_deployment(self, name: str, deploys: Deploys) -> str | None:
        arn = f"{HERE}:{_RESOURCE[deploys]}/{name}"
        return arn if arn in self.deployments else None

    async def get_deployment(self, arn: str) -> Deployment:
        if arn not in self.deployments:
            raise Poison(f"ResourceNotFoundException: {arn}")
        deployment = self.deployments[arn]
        if deployment.status == "Creating" and self._looked(arn):
            failure = "the script says so" if self._deployment_ends == "Failed" else None
            deployment = replace(deployment, status=self._deployment_ends, failure=failure)
            self.deployments[arn] = deployment
        return deployment

    async def delete_deployment(self, arn: str) -> None:
        self.deployments.pop(arn, None)

    async def holdings(self) -> list[Holding]:
        running = [arn for arn, job in self.jobs.items() if job.status == "InProgress"]
        return [self._holding(arn) for arn in [*running, *self.deployments]]

    def _holding(self, arn: str) -> Holding:
        provisioned = kind_of(arn) == "provisioned"
        kind: HoldingKind = "customization job" if arn in self.jobs else "deployment"
        return Holding(
            arn=arn, kind="provisioned throughput" if provisioned else kind, name=arn.rsplit("/", 1)[1],
            created=self.born.get(arn, 0.0), model=f"{HERE}:foundation-model/local.reader-v1",
            units=int(provisioned), tags=self.tags.get(arn, {}),
        )  # fmt: skip

    def _made(self, arn: str, tags: Mapping[str, str]) -> None:
        self._left[arn] = self._looks
        self.created.append(arn)
        self.tags[arn] = dict(tags)

    def _looked(self, arn: str) -> bool:
        """Counts one look; whether it was one too many for the thing to be still on its way."""
        self._left[arn] -= 1
        return self._left[arn] < 0


def _answer(call: Call, said: str | dict[str, Any]) -> Answer:
    used = len(call.system + call.user) // 4
    if isinstance(said, str):
        if call.tool is not None:
            raise Poison(f"Converse with model {call.model}: ValidationException: This model doesn't support tool use.")
        return Answer(said, "end_turn", used, len(said) // 4)
    if call.tool is None:
        raise AssertionError(f"the script says {said!r}, the input of a tool, to a call that has none")
    return Answer("", "tool_use", used, len(str(said)) // 4, tool_input=said)


def _in_order(answers: list[Said]) -> Script:
    def next_answer(call: Call) -> Said:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return next_answer
