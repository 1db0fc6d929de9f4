"""What an engine raises beside ValueError, so that the caller gets the error that AWS would give.

Failure                 anything else of the engine's, without a stack in the log: ModelErrorException
├── Throttled           asked too fast: ThrottlingException
├── Unavailable         not there just now: ServiceUnavailableException
├── TimedOut            no answer in time: ModelTimeoutException
└── Denied              no right to ask: AccessDeniedException

A message names the thing, the value and what to do. Only the class's name and the message leave the child process.
"""

from __future__ import annotations


class Failure(Exception):
    """Raised when a model did not answer for a reason that its message explains."""


class Throttled(Failure):
    """Raised when whatever runs the model wants fewer calls."""


class Unavailable(Failure):
    """Raised when whatever runs the model cannot be reached or has trouble of its own."""


class TimedOut(Failure):
    """Raised when the model takes longer than the engine waits."""


class Denied(Failure):
    """Raised when whatever runs the model wants another key."""
