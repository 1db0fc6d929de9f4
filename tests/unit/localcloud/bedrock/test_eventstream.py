from __future__ import annotations

import json

from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from localcloud.bedrock.eventstream import encode

UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.dictionaries(st.sampled_from(["messageStart", "metadata"]), st.dictionaries(UNICODE, UNICODE))))
def test_botocore_reads_what_was_encoded(events: list[dict[str, dict[str, str]]]) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode(events))
    read = [message.to_response_dict() for message in buffer]
    assert [(each["headers"][":event-type"], json.loads(each["body"])) for each in read] == [
        pair for event in events for pair in event.items()
    ]
    assert all(each["headers"][":message-type"] == "event" for each in read)


def test_a_lone_surrogate_does_not_break_the_stream() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode([{"messageStart": {"role": "\ud800"}}]))
    [message] = buffer
    assert json.loads(message.payload) == {"role": "?"}
