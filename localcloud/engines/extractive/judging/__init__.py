"""The judge: compares two answers, checks an answer against documents, and knows nothing without them."""

from localcloud.engines.extractive.judging.tasks import call, judge

__all__ = ["call", "judge"]
