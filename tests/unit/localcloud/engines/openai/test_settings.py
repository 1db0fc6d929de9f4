from __future__ import annotations

import pytest

from localcloud.engines.openai.settings import CONCURRENCY, OpenAISettings


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434"),
        ("https://host/proxy/v1", "https://host/proxy"),
    ],
)
def test_a_url_is_taken_with_or_without_its_version(given: str, url: str) -> None:
    assert OpenAISettings.load({"GROUNDTUNE_OPENAI_URL": given}).url == url


@pytest.mark.parametrize("url", ["", "localhost:11434", "ftp://host", "http://", "http://host:port", "http://h/?a=b"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"is no URL of a server, such as http://127\.0\.0\.1:11434"):
        OpenAISettings.load({"GROUNDTUNE_OPENAI_URL": url})


def test_the_key_comes_from_the_variable_that_is_named_and_is_never_shown() -> None:
    given = {"GROUNDTUNE_OPENAI_URL": "http://h", "GROUNDTUNE_OPENAI_KEY_ENV": "KEY", "KEY": "s3cret"}
    settings = OpenAISettings.load(given)
    assert (settings.key, settings.key_env, "s3cret" in repr(settings)) == ("s3cret", "KEY", False)
    with pytest.raises(ValueError, match="the environment has no KEY; export it first"):
        OpenAISettings.load({**given, "KEY": ""})


@pytest.mark.parametrize("number", ["0", "257", "-1", "2.5", "many"])
def test_a_number_of_calls_at_once_that_is_none_names_its_variable(number: str) -> None:
    given = {"GROUNDTUNE_OPENAI_URL": "http://h"}
    assert OpenAISettings.load(given).concurrency == 8
    assert OpenAISettings.load(given | {CONCURRENCY: "3"}).concurrency == 3
    with pytest.raises(ValueError, match=f"{CONCURRENCY} is '{number}'; it must be a whole number from 1 to 256"):
        OpenAISettings.load(given | {CONCURRENCY: number})


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "3601"])
def test_a_time_limit_that_is_none_names_its_variable(seconds: str) -> None:
    given = {"GROUNDTUNE_OPENAI_URL": "http://h", "GROUNDTUNE_OPENAI_TIMEOUT_S": seconds}
    with pytest.raises(ValueError, match="GROUNDTUNE_OPENAI_TIMEOUT_S is"):
        OpenAISettings.load(given)
