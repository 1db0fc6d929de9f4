from __future__ import annotations

from localcloud.bases.notifications import as_s3_sends_it


def test_keys_are_form_encoded_and_sequencers_grow() -> None:
    payload = {"Records": [{"s3": {"object": {"key": "inbox/c/a+b 한글.md", "sequencer": "0"}}}]}
    first, second = (as_s3_sends_it(payload, n)["Records"][0]["s3"]["object"] for n in (1, 2))
    assert first["key"] == "inbox/c/a%2Bb+%ED%95%9C%EA%B8%80.md"
    assert first["sequencer"] < second["sequencer"]
    assert payload["Records"][0]["s3"]["object"]["key"] == "inbox/c/a+b 한글.md"
