"""Who sees all that happens: counts it, tells it, and judges what processes do with what they are handed."""

from __future__ import annotations

from collections.abc import Collection

from shared.testing.simulation.hazards import Rates
from shared.testing.simulation.ledger import Ledger
from shared.testing.simulation.log import Trace
from shared.testing.simulation.process import Process
from shared.testing.simulation.time import START, WorldClock


class Witness:
    """Sees one world. ``exposed`` are messages whose visibility the adversary ended, and the receipts they had then."""

    def __init__(self, clock: WorldClock, rates: Rates, ledger: Ledger, trace: Trace) -> None:
        self.processes: list[Process] = []
        self.exposed: set[str] = set()
        self._clock = clock
        self._rates = rates
        self._ledger = ledger
        self._trace = trace

    def trace(self, action: str, **values: object) -> None:
        """Something happens; it is told with the seconds since the beginning."""
        self._ledger.saw(action)
        if action == "lease.lost" and self._wrongly(values["code"]) and values["message_id"] not in self.exposed:
            self._ledger.broken(f"{values['process']} lost its lease of {values['message_id']}, and nothing was wrong")
        self._trace(action, at=round(self._clock.now() - START, 3), **values)

    def _wrongly(self, code: object) -> bool:
        """Whether no lease should be lost in this way. Where calls are slow, a record may be taken over before the
        first call that would renew it: when a delete comes too late, and its event a second time."""
        return self._rates.gentle or (self._rates.sound and code != "RecordTaken")

    def handed_out(self, process: Process, receipts: Collection[str]) -> None:
        """A queue hands messages to a process: in a gentle schedule none of them ran out in anybody's hands."""
        process.unsettled.update(receipts)
        if not self._rates.gentle:
            return
        before = {_previous(receipt) for receipt in receipts} - self.exposed
        for holder in self.processes:
            if holder.serves and (left := before & holder.unsettled):
                self._ledger.broken(f"{holder.name} let {', '.join(sorted(left))} run out")

    def deleted(self, process: Process, receipts: Collection[str]) -> None:
        process.unsettled.difference_update(receipts)

    def given_back(self, process: Process, receipts: Collection[str]) -> None:
        process.unsettled.difference_update(receipts)
        process.given_back.update(receipts)

    def renewed(self, process: Process, receipts: Collection[str]) -> None:
        if hidden := process.given_back.intersection(receipts):
            self._ledger.broken(f"{process.name} hid again what it had given back: {', '.join(sorted(hidden))}")


def _previous(receipt: str) -> str:
    """The receipt of the receive before."""
    message, _, number = receipt.rpartition("/")
    return f"{message}/{int(number) - 1}"
