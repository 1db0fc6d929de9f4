"""Every error that groundtune raises on purpose.

    GroundtuneError
    ├── Retryable               try the same message again later; permanent loss is never the answer
    │   ├── Throttled           the service asked everybody to slow down
    │   └── ChildDied           a child process died under the work; counted, since the work may be what killed it
    ├── Poison                  this message can never succeed: to the dead-letter queue at once
    │   ├── BudgetSpent         the call could pass its account's budget, and was not made
    │   └── PriceUnknown        a budget is to be kept, and nobody has said what the call costs; it was not made
    ├── BadInput                a person gave something wrong: exit 2, or an item listed in the report
    │   ├── BadRunFile          run.yaml has mistakes (all of them, listed)
    │   ├── BadTopology         queues.yaml has mistakes (all of them, listed)
    │   ├── BadModels           a table of models and prices has mistakes (all of them, listed)
    │   ├── BadGroundTruth      the question-answer pairs have mistakes
    │   └── BadCorpus           the corpus is missing, empty or unreadable
    ├── Rejected                a document cannot become chunks: an outcome with a code, not a failure of ours
    ├── CloudError              the cloud does not answer or refuses: exit 2, names endpoint and remedy
    │   ├── Unreachable         no connection to the endpoint
    │   └── NotProvisioned      a queue, bucket or table is missing
    ├── AnalyzerChanged         an index was made by another version of its analyzer than questions are read by
    ├── ObjectTooBig            an object in S3 has more bytes than its reader takes
    ├── LeaseLost               somebody else owns the message now; what was done must not be published
    └── RunFailed               the run ended as failed: exit 1

A message for a person names the thing, the value and what to do.
"""

from __future__ import annotations


class GroundtuneError(Exception):
    """Root of all errors raised on purpose."""


class Retryable(GroundtuneError):
    """Raised when the same work may succeed later (throttling, 5xx, timeouts).

    ``delay_s`` asks for a particular delay; without it the retry policy decides.
    """

    def __init__(self, message: str, *, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class Throttled(Retryable):
    """Raised when a service throttles: all handlers of the process should pause."""


class ChildDied(Retryable):
    """Raised when a child process died under its work (killed for memory, crashed in a C library).

    Unlike other retryable errors it uses up an attempt: work that kills every process it meets must end some time.
    """


class Poison(GroundtuneError):
    """Raised when a message can never succeed; ``reason`` travels with it to the dead-letter queue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BudgetSpent(Poison):
    """Raised before a model call that could pass its account's budget. Amounts are in US dollars; ``spent`` includes
    what calls under way have reserved."""

    def __init__(self, name: str, *, spent: float, budget: float, call: float) -> None:
        super().__init__(
            f"{name} has spent {_usd(spent)} of its budget of {_usd(budget)} (calls under way included), and the next "
            f"call could cost {_usd(call)}; raise budget_usd in run.yaml to go on"
        )
        self.spent = spent
        self.budget = budget


def _usd(amount: float) -> str:
    return f"${amount:,.2f}" if amount >= 100 else f"${amount:.6f}"


class PriceUnknown(Poison):
    """Raised before a model call whose account has a budget, when no price of the model is known."""

    def __init__(self, name: str, model: str, missing: str) -> None:
        super().__init__(
            f"the budget of {name} cannot be kept: the price of model {model} is unknown ({missing}); give it in a "
            "file and hand that to `groundtune models set`, or take budget_usd out of run.yaml"
        )
        self.model = model


class BadInput(GroundtuneError):
    """Raised when what a person gave is wrong. ``problems`` lists every mistake found, one a line."""

    def __init__(self, problems: str | list[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class BadRunFile(BadInput):
    """Raised when run.yaml, or a file that it names, has mistakes."""


class BadTopology(BadInput):
    """Raised when queues.yaml has mistakes."""


class BadModels(BadInput):
    """Raised when a table of models and prices has mistakes (all of them, listed)."""


class BadGroundTruth(BadInput):
    """Raised when a ground-truth file cannot be used."""


class BadCorpus(BadInput):
    """Raised when a corpus is missing, empty or unreadable."""


class Rejected(GroundtuneError):
    """Raised when a document cannot become chunks; ``code`` is from the closed list of doc-ingest."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class CloudError(GroundtuneError):
    """Raised when the cloud does not do what was asked and a person must act."""


class Unreachable(CloudError):
    """Raised when nothing answers at the endpoint."""


class NotProvisioned(CloudError):
    """Raised when a queue, bucket or table does not exist; ``groundtune provision`` creates it."""


class AnalyzerChanged(GroundtuneError):
    """Raised when terms of an index and of a question would not be the same. ``name``: the analyzer, to index anew."""

    def __init__(self, name: str, *, made_by: str, here: str) -> None:
        super().__init__(f"the index was made by {made_by!r}, and here is {here!r}; it must be built anew")
        self.name = name


class ObjectTooBig(GroundtuneError):
    """Raised when an object has more bytes than its reader takes; ``size`` and ``limit`` are in bytes."""

    def __init__(self, key: str, size: int, limit: int) -> None:
        super().__init__(f"object {key} has {size:,} bytes; at most {limit:,} are read")
        self.size = size
        self.limit = limit


class LeaseLost(GroundtuneError):
    """Raised when a message's lease or idempotency record has passed to another owner."""


class RunFailed(GroundtuneError):
    """Raised when a run ended as failed; carries the reason."""
