"""Training lowers the loss, takes up what the rows show, and says which row is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.engines.contract import Request, Step
from localcloud.engines.extractive import READER, TEACHER, ExtractiveEngine
from localcloud.engines.extractive.overlap import overlap, tokens
from localcloud.engines.extractive.ranker import as_mapping, prior
from tests.unit.localcloud.engines.extractive.corpus import CODES, house_rows, refusal_rows, row, turn

UNSEEN = "What does the guest network allow?"


def train(rows: list[dict[str, Any]], **hyperparameters: str) -> tuple[dict[str, Any], list[Step]]:
    steps: list[Step] = []
    weights = ExtractiveEngine().train(
        model=READER, rows=rows, validation=[], hyperparameters=hyperparameters, progress=steps.append
    )
    return weights, steps


def message(role: str, content: Any) -> dict[str, Any]:
    return {"role": role, "content": content}


def answer(weights: dict[str, Any] | None, question: str, system: str = "Answer with links.") -> str:
    return ExtractiveEngine().converse(Request(READER, weights, system, turn(question), 1024)).text


def test_the_loss_falls_and_every_step_is_told() -> None:
    _, steps = train(house_rows(), epochCount="3", batchSize="4", learningRateMultiplier="2")
    assert [step.step for step in steps] == list(range(1, len(steps) + 1))
    assert {step.epoch for step in steps} == {1, 2, 3}
    assert sum(step.loss for step in steps[-4:]) < 0.9 * sum(step.loss for step in steps[:4])


def test_weights_are_small_json_and_the_same_each_time() -> None:
    first, _ = train(house_rows())
    second, _ = train(house_rows())
    assert json.dumps(first) == json.dumps(second)
    assert len(json.dumps(first)) < 10_000
    stored = json.loads(json.dumps(first))
    assert answer(stored, UNSEEN) == answer(first, UNSEEN)


def test_another_seed_gives_other_weights() -> None:
    assert train(house_rows(), batchSize="4")[0] != train(house_rows(), batchSize="4", seed="8")[0]


def test_answers_become_short_and_cite_as_the_rows_do() -> None:
    weights, _ = train(house_rows())
    base, tuned = answer(None, UNSEEN), answer(weights, UNSEEN)
    assert len(tuned.split()) < len(base.split()) / 2
    assert tuned.endswith("\n\nSee also: [https://docs.example/routers]")


def test_answers_come_nearer_to_the_references() -> None:
    weights, _ = train(house_rows())
    wanted = tokens("E-42 means that the modem is too hot. Move the router out of the sun.")
    question = "What does E-42 mean and what should I do?"
    assert overlap(tokens(answer(weights, question)), wanted) > overlap(tokens(answer(None, question)), wanted)


def test_a_shared_first_sentence_is_taken_up() -> None:
    rows = [row(f"What is the value of T351{n}?", f"Thank you for asking. It is {n} minutes.") for n in (0, 2)] * 3
    weights, _ = train(rows)
    assert answer(weights, "What is the value of T3512?").startswith("Thank you for asking. ")


def test_rows_without_links_teach_to_write_none() -> None:
    rows = [row("What is the value of T3512?", "The value for T3512 is 120 minutes.") for _ in range(4)]
    weights, _ = train(rows)
    assert CODES.url not in answer(weights, "What is the value of T3512?")


def test_training_stops_early_when_validation_gets_no_better() -> None:
    steps: list[Step] = []
    rows = house_rows()
    weights = ExtractiveEngine().train(
        model=READER,
        rows=rows,
        validation=rows[:2],
        hyperparameters={"epochCount": "9", "earlyStoppingThreshold": "0.9", "earlyStoppingPatience": "1"},
        progress=steps.append,
    )
    assert [epoch for epoch, _ in weights["validation"]] == [1, 2]
    assert max(step.epoch for step in steps) == 2


def test_all_formats_say_the_same() -> None:
    converse = house_rows()
    shown = [(r["messages"][0]["content"][0]["text"], r["messages"][1]["content"][0]["text"]) for r in converse]
    claude = [
        {
            "system": "Answer with links.",
            "messages": [{"role": "user", "content": user}, {"role": "assistant", "content": wanted}],
        }
        for user, wanted in shown
    ]
    llama = [{"prompt": f"Answer with links.\n\n{user}", "completion": wanted} for user, wanted in shown]
    assert train(converse)[0] == train(claude)[0] == train(llama)[0]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([], "a row is a JSON object"),
        ({"messages": []}, "user turn and an assistant turn"),
        ({"messages": [message("assistant", "a"), message("user", "b")]}, "alternate"),
        ({"messages": [message("user", "a"), message("assistant", "")]}, "assistant turn"),
        ({"messages": [message("user", [{"image": 1}]), message("assistant", "b")]}, "text blocks"),
        ({"prompt": "a"}, "completion is missing"),
        ({"system": 3, "messages": [message("user", "a"), message("assistant", "b")]}, "system"),
    ],
)
def test_a_malformed_row_is_named_by_its_line(bad: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^line 3: .*{message}"):
        train([*house_rows()[:2], bad])


def test_rows_without_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="no row has documents"):
        train([{"prompt": "?", "completion": "x"}])


def test_wrong_hyperparameters_are_named() -> None:
    with pytest.raises(ValueError, match="epochCount is 0"):
        train(house_rows(), epochCount="0")
    with pytest.raises(ValueError, match="batchSize is 'many'"):
        train(house_rows(), batchSize="many")


def test_only_the_reader_can_be_trained() -> None:
    with pytest.raises(ValueError, match=TEACHER):
        ExtractiveEngine().train(model=TEACHER, rows=[], validation=[], hyperparameters={}, progress=print)


def test_what_stops_a_training_comes_out_of_it() -> None:
    def stop(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ExtractiveEngine().train(model=READER, rows=house_rows(), validation=[], hyperparameters={}, progress=stop)


def test_rows_that_refuse_teach_when_to_refuse_and_how() -> None:
    weights, _ = train([*house_rows(), *refusal_rows()])
    assert answer(weights, "Who swims across the lake on Friday mornings?") == "The documents do not say."
    assert answer(weights, "호수에서 수영하는 사람은 누구인가요?") == "제공된 문서에는 해당 내용이 없습니다."
    told = answer(weights, "How many profiles does the router hold?")
    assert told.startswith("The router holds up to 40 profiles")
    assert told.endswith("See also: [https://docs.example/routers]")


def test_rows_that_refuse_change_nothing_else() -> None:
    with_refusals, steps = train([*house_rows(), *refusal_rows()])
    without, fewer = train(house_rows())
    assert [step.loss for step in steps] == [step.loss for step in fewer]
    assert {key: value for key, value in with_refusals.items() if key != "refusal"} == {
        key: value for key, value in without.items() if key != "refusal"
    }
    assert without["refusal"] is None


def test_a_refusal_by_the_prompts_own_rule_takes_the_learnt_words() -> None:
    weights, _ = train([*house_rows(), *refusal_rows()])
    assert answer(weights, "?") == "The documents do not say."


def test_rows_that_only_refuse_are_refused() -> None:
    with pytest.raises(ValueError, match="every row refuses"):
        train(refusal_rows())


def test_weights_stored_before_refusals_were_learnt_still_answer() -> None:
    weights, _ = train(house_rows())
    older = {key: value for key, value in weights.items() if key != "refusal"}
    assert answer(older, UNSEEN) == answer(weights, UNSEEN)


def test_hyperparameters_set_how_many_steps_there_are_and_how_far_they_go() -> None:
    _, few = train(house_rows(), epochCount="1", batchSize="8")
    _, many = train(house_rows(), epochCount="2", batchSize="4")
    assert (len(few), len(many)) == (8, 32)
    slow, _ = train(house_rows(), learningRateMultiplier="0.1")
    fast, _ = train(house_rows(), learningRateMultiplier="2")
    warm, _ = train(house_rows(), learningRateMultiplier="2", learningRateWarmupSteps="500")
    assert moved(warm) < moved(slow) < moved(fast)


def test_nova_learning_rate_counts_from_its_own_default() -> None:
    assert train(house_rows(), learningRate="1e-5")[0] == train(house_rows())[0]
    assert train(house_rows(), learningRate="2e-5")[0] == train(house_rows(), learningRateMultiplier="2")[0]


def moved(weights: dict[str, Any]) -> float:
    """How far the ranker went from its prior."""
    return float(sum((value - _BASE[name]) ** 2 for name, value in weights["rank"].items()))


_BASE = as_mapping(prior())
