from __future__ import annotations

from shared.runtime.backoff import Backoff
from shared.runtime.claimcheck import SIZE_ATTRIBUTES
from shared.runtime.deadletter import ADDED, EVENT, REASON, STACK_HASH, DeadLetters, Verdict
from shared.runtime.message import MAX_ATTRIBUTES, Attribute, Message
from shared.testing import FakeClock, FakeQueue

SIZE = SIZE_ATTRIBUTES[0]


async def buried(verdict: Verdict, **attributes: Attribute) -> dict[str, Attribute]:
    """The attributes of what lies in the dead-letter queue."""
    clock = FakeClock()
    queue = FakeQueue("dead", clock)
    message = Message("m", "receipt", "body", deadline=0.0, attributes=attributes)
    await DeadLetters(queue, "scorer", clock, Backoff(lambda: 0.5)).bury(message, "body", verdict)
    [entry] = queue.entries.values()
    return dict(entry.message.attributes)


async def test_the_name_of_the_bug_lies_beside_the_reason() -> None:
    attributes = await buried(Verdict("why", "ValueError", 4, "e1", stack_hash="0123456789ab"))
    assert attributes[STACK_HASH] == Attribute("0123456789ab")
    assert (attributes[REASON].value, attributes[EVENT].value) == ("why", "e1")
    assert set(attributes) <= ADDED


async def test_what_died_of_no_bug_has_no_name_of_one() -> None:
    assert STACK_HASH not in await buried(Verdict("why", "Poison", 1))


async def test_of_too_many_attributes_the_one_that_says_where_the_body_is_stays() -> None:
    others = {f"other-{n}": Attribute("x") for n in range(9)}
    verdict = Verdict("why", "ValueError", 4, "e1", stack_hash="0123456789ab")
    attributes = await buried(verdict, **others, **{SIZE: Attribute("2000000", "Number")})
    assert len(attributes) == MAX_ATTRIBUTES
    assert {SIZE, STACK_HASH, EVENT, REASON} <= set(attributes)
