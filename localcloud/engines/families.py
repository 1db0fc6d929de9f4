"""Engines beside the default one: each has the models whose ids begin with its name and a slash."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.engines.openai.settings import KEY_ENV, URL, OpenAISettings
from localcloud.engines.process import DEFAULT
from localcloud.errors import BadOption

OPENAI = "openai"
_NAME = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Family:
    """``hf`` has ``hf/Qwen/Qwen3-0.6B``; its engine is asked for ``Qwen/Qwen3-0.6B``."""

    name: str
    spec: str
    """``package.module:Class``."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Settings that the engine reads in its process, beside the environment that it inherits."""
    untrainable: str = ""
    """Why none of its models can be customized, and what to do instead; empty when they can."""


def named(text: str) -> tuple[str, str]:
    """Name and spec of ``NAME=MODULE:CLASS``; without a name it is empty, which means the default engine."""
    name, separator, spec = text.partition("=")
    return (name, spec) if separator else ("", text)


def split(
    engines: Mapping[str, str], openai: str | None, openai_key_env: str | None, environ: Mapping[str, str]
) -> tuple[str, list[Family]]:
    """The default engine's spec, and the families beside it.

    ``engines``: spec by name. ``openai``: URL of a server. Raises BadOption for what cannot be meant.
    """
    beside = dict(engines)
    default = beside.pop("", DEFAULT)
    _check_spec(default)
    for name, spec in beside.items():
        if not _NAME.fullmatch(name) or (name == OPENAI and openai):
            raise BadOption(f"--engine {name}={spec}: the name must be a-z, 0-9 and -, and no other engine's")
        _check_spec(spec)
    found = [Family(name, spec) for name, spec in beside.items()]
    if openai is not None:
        found.append(_openai(openai, openai_key_env, environ))
    elif openai_key_env:
        raise BadOption(f"--openai-key-env {openai_key_env} goes with --openai URL, and there is none")
    return default, found


def _check_spec(spec: str) -> None:
    """Raises BadOption for a spec that can name no class. Nothing is imported: an engine's packages may be large."""
    module, _, name = spec.partition(":")
    if not (name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise BadOption(f"--engine {spec}: it must be MODULE:CLASS, such as mypackage.engines:LoraEngine")
    package = module.partition(".")[0]
    if importlib.util.find_spec(package) is None:
        raise BadOption(f"--engine {spec}: there is no module {package}; install it, or put its folder on PYTHONPATH")


def _openai(url: str, key_env: str | None, environ: Mapping[str, str]) -> Family:
    given = {URL: url, KEY_ENV: key_env or ""}
    try:
        OpenAISettings.load({**environ, **given})
    except ValueError as error:
        raise BadOption(str(error)) from None
    return Family(
        OPENAI,
        "localcloud.engines.openai:OpenAIEngine",
        given,
        "a server asked by URL trains nothing; train local.reader-v1, or add an engine that trains with --engine",
    )
