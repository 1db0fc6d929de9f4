"""``python -m localcloud``: the local cloud as a process. Prints ``ready http://127.0.0.1:PORT`` or ``failed WHY``."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from localcloud.bases.registry import BASES
from localcloud.bases.registry import DEFAULT as DEFAULT_BASE
from localcloud.bedrock.invoker import DEFAULT_MINIMUM
from localcloud.engines.families import named
from localcloud.errors import LocalCloudError
from localcloud.server import serve


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m localcloud", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--base", choices=sorted(BASES), default=DEFAULT_BASE)
    parser.add_argument("--state", type=Path, help="folder in which everything survives a clean stop")
    parser.add_argument("--alias", action="append", default=[], metavar="REAL=LOCAL", type=_alias)
    parser.add_argument(
        "--engine", action="append", default=[], metavar="[NAME=]MODULE:CLASS", type=named,
        help="in place of the default one; with NAME beside it, for models that aliases call NAME/…",
    )  # fmt: skip
    parser.add_argument("--openai", metavar="URL", help="an OpenAI-compatible server, for models called openai/…")
    parser.add_argument("--openai-key-env", metavar="NAME", help="the environment variable that has the server's key")
    parser.add_argument(
        "--batch-minimum", type=int, default=DEFAULT_MINIMUM, metavar="N", help="records that a batch job must have"
    )
    parser.add_argument(
        "--faults", type=Path, metavar="FILE", help="YAML of trouble on purpose, read again when it changes"
    )
    parser.add_argument(
        "--knowledge-base", action="append", default=[], metavar="ID=FOLDER", type=_folder, help="text for Retrieve"
    )
    parser.add_argument("--with-parent", action="store_true", help="stop when stdin ends, as it does with the parent")
    return parser.parse_args(argv)


def _alias(text: str) -> tuple[str, str]:
    real, separator, local = text.partition("=")
    if not (real and separator and local):
        raise argparse.ArgumentTypeError(f"{text!r} is not REAL=LOCAL")
    return real, local


def _folder(text: str) -> tuple[str, Path]:
    id_, separator, folder = text.partition("=")
    if not (id_ and separator and folder):
        raise argparse.ArgumentTypeError(f"{text!r} is not ID=FOLDER")
    return id_, Path(folder)


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Ctrl-C reaches parent and child alike, and the parent's workers still need their cloud to finish.
    loop.add_signal_handler(signal.SIGINT, (lambda: None) if options.with_parent else stop.set)
    if options.with_parent:
        loop.add_reader(sys.stdin.fileno(), _read_or_stop, loop, stop)
    await serve(
        port=options.port,
        base=options.base,
        state=options.state,
        aliases=dict(options.alias),
        engines=dict(options.engine),
        openai=options.openai,
        openai_key_env=options.openai_key_env,
        batch_minimum=options.batch_minimum,
        faults=options.faults,
        knowledge=dict(options.knowledge_base),
        on_ready=_say_ready,
        stop=stop,
    )


def _read_or_stop(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        loop.remove_reader(sys.stdin.fileno())
        stop.set()


def _say_ready(endpoint: str) -> None:
    print(f"ready {endpoint}", flush=True)


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def main(argv: list[str] | None = None) -> int:
    options = _arguments(sys.argv[1:] if argv is None else argv)
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_run(options))
    except LocalCloudError as error:
        print("failed", error, flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
