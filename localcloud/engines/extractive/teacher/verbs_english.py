"""English verbs in the third person that take an object which can be asked for, and their base forms."""

from __future__ import annotations

import re

_FORMS = {
    "requires": "require", "needs": "need", "supports": "support", "provides": "provide", "includes": "include",
    "contains": "contain", "consists of": "consist of", "handles": "handle", "manages": "manage", "stores": "store",
    "returns": "return", "sends": "send", "receives": "receive", "uses": "use", "allows": "allow",
    "enables": "enable", "describes": "describe", "defines": "define", "specifies": "specify", "controls": "control",
    "maintains": "maintain", "monitors": "monitor", "collects": "collect", "generates": "generate",
    "implements": "implement", "enforces": "enforce", "validates": "validate", "verifies": "verify",
    "forwards": "forward", "depends on": "depend on", "listens on": "listen on", "runs on": "run on",
    "applies to": "apply to", "refers to": "refer to", "connects to": "connect to", "accepts": "accept",
    "tells": "tell", "performs": "perform", "reports": "report", "exposes": "expose", "tracks": "track",
    "translates": "translate", "identifies": "identify", "replaces": "replace", "covers": "cover", "costs": "cost",
    "protects": "protect", "checks": "check", "triggers": "trigger", "creates": "create", "removes": "remove",
    "adds": "add", "holds": "hold", "carries": "carry", "starts with": "start with", "defaults to": "default to",
}  # fmt: skip

_ALSO_NOUNS = frozenset(
    ["reports", "uses", "controls", "checks", "needs", "tracks", "costs", "holds", "triggers", "covers", "handles",
     "stores", "returns", "supports", "monitors", "sends"]
)  # fmt: skip
_OBJECT = re.compile(r"(?:an?|the|any|all|one|two|both|no|every|each|its)\b|[A-Z`]")
WORDS = re.compile(
    rf"\b(?:{'|'.join(form for form in _FORMS if ' ' not in form and form not in _ALSO_NOUNS)}|keeps|gives|shows)\b"
)
PATTERN = "|".join(sorted(_FORMS, key=len, reverse=True))


def base(verb: str) -> str:
    """ "provides" gives "provide". Raises KeyError for a verb that the pattern does not match."""
    return _FORMS[verb]


def takes(verb: str, rest: str) -> bool:
    """Whether what follows is an object: some forms are plural nouns as well ("Delivery reports show …")."""
    return verb not in _ALSO_NOUNS or bool(_OBJECT.match(rest))
