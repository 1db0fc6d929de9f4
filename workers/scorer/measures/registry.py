"""Every measure by the metrics it yields, and the making of those that a run asks for: a table of small entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.experiment import Scoring
from workers.scorer.embedding import SentenceEncoder, VectorMemory
from workers.scorer.measures import characters, citing, form, similarity, wording
from workers.scorer.measures.measure import Measure
from workers.scorer.minilm import MiniLM
from workers.scorer.rouge import MemoryTokens, Rouge
from workers.scorer.rouge.tokenizers import REPORT_TOKENIZER
from workers.scorer.text_form import REPORT, TextForm
from workers.scorer.transformer import Transformer


@dataclass(frozen=True)
class Setting:
    """How texts are measured. A run's report uses this one, with the run's own ``scoring``."""

    tokenizer: str = REPORT_TOKENIZER
    stem: bool = False
    form: TextForm = REPORT
    embedding_model: str | None = None


@dataclass
class Instruments:
    """What takes long to make, made once per process: encoders by model with their vectors, and Korean morphemes."""

    bundled: SentenceEncoder = field(default_factory=MiniLM)
    encoder: Callable[[str], SentenceEncoder] = Transformer
    tokens: MemoryTokens = field(default_factory=MemoryTokens)
    _memories: dict[str | None, VectorMemory] = field(default_factory=dict)

    def memory(self, model: str | None) -> VectorMemory:
        if model not in self._memories:
            self._memories[model] = VectorMemory(self.bundled if model is None else self.encoder(model))
        return self._memories[model]

    def measures(self, metrics: Sequence[str], setting: Setting = Setting()) -> list[Measure]:
        """One for each entry of which metrics are asked, for these alone. Raises KeyError for an unknown metric."""
        unknown = set(metrics) - {metric for entry in ENTRIES for metric in entry.metrics}
        if unknown:
            raise KeyError(min(unknown))
        asked = [(entry, [metric for metric in entry.metrics if metric in metrics]) for entry in ENTRIES]
        return [entry.make(wanted, setting, self) for entry, wanted in asked if wanted]


def setting_of(scoring: Scoring) -> Setting:
    """Of a run."""
    return Setting(tokenizer=scoring.tokenizer, embedding_model=scoring.embedding_model)


@dataclass(frozen=True)
class Entry:
    """A measure: all that it can yield, and how it is made for some of it."""

    metrics: Sequence[str]
    make: Callable[[Sequence[str], Setting, Instruments], Measure]


def _wording(metrics: Sequence[str], setting: Setting, instruments: Instruments) -> Measure:
    nfc, links = setting.form.nfc, setting.form.strip_links
    rouge = Rouge(setting.tokenizer, metrics, stem=setting.stem, nfc=nfc, strip_links=links, cache=instruments.tokens)
    return wording.Wording(rouge)


def _similarity(metrics: Sequence[str], setting: Setting, instruments: Instruments) -> Measure:
    return similarity.Similarity(instruments.memory(setting.embedding_model), setting.form)


ENTRIES = (
    Entry(wording.METRICS, _wording),
    Entry(similarity.METRICS, _similarity),
    Entry(citing.METRICS, lambda metrics, setting, instruments: citing.Citations(metrics)),
    Entry(characters.METRICS, lambda metrics, setting, instruments: characters.Characters(metrics, setting.form)),
    Entry(form.METRICS, lambda metrics, setting, instruments: form.Form(metrics, setting.form)),
)


def signatures(measures: Sequence[Measure]) -> Mapping[str, str]:
    """Metric → how exactly it is computed. May load an embedding model: call it in a thread."""
    return {metric: measure.signature(metric) for measure in measures for metric in measure.metrics}
