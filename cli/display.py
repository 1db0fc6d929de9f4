"""Progress on a terminal: bars where there is one, a line per change where there is none."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.progress import Snapshot, Stage


class Display:
    """Shows snapshots of one run. A context manager, so that bars end cleanly."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = _bars(console) if console.is_terminal else None
        self._tasks: list[TaskID] = []
        self._started = time.monotonic()
        self._said: dict[int, Stage] = {}

    def __enter__(self) -> Display:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def say(self, text: str) -> None:
        """One line, with the seconds since the start."""
        self._console.print(
            f"[{time.monotonic() - self._started:6.1f} s] {text}", markup=False, highlight=False, soft_wrap=True
        )

    def show(self, snapshot: Snapshot) -> None:
        if self._bars is None:
            self._say_changes(snapshot)
            return
        for place, stage in enumerate(snapshot.stages):
            if place == len(self._tasks):
                self._tasks.append(self._bars.add_task(stage.name, total=None))
            self._bars.update(self._tasks[place], description=stage.name, completed=stage.done, total=stage.total)

    def _say_changes(self, snapshot: Snapshot) -> None:
        """A stage speaks when it begins, halfway, and when it is complete: a log shall stay readable."""
        for place, stage in enumerate(snapshot.stages):
            if stage.total and _milestone(stage) != _milestone(self._said.get(place)):
                self.say(f"{stage.name}: {stage.done} of {stage.total}")
                self._said[place] = stage


def _milestone(stage: Stage | None) -> int:
    if stage is None or not stage.total or not stage.done:
        return 0
    return 1 + 2 * stage.done // stage.total


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)
