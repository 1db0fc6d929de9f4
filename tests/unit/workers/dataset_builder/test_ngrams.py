from __future__ import annotations

from workers.dataset_builder.ngrams import ngrams, sharing

ENGLISH = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
KOREAN = (
    "요금제를 변경하면 다음 달 1일부터 새 요금이 적용되며 변경은 한 달에 한 번만 할 수 있고 위약금이 있을 수 있습니다"
)


def test_english_is_read_by_words_and_korean_by_letters() -> None:
    assert ngrams(ENGLISH) == {ENGLISH.rpartition(" ")[0], ENGLISH.partition(" ")[2]}
    assert {len(gram) for gram in ngrams(KOREAN)} == {40}
    assert ngrams("too short") == frozenset()


def test_a_copied_run_is_found_however_it_is_spaced_and_framed() -> None:
    framed = [f"Please note: {ENGLISH.title()}!", "안내: " + KOREAN.replace("한 달에 한 번만", "한달에 한번만")]
    assert [(i, j) for i, j, _ in sharing(framed, [ENGLISH, KOREAN])] == [(0, 0), (1, 1)]
    assert all(share == 1.0 for _, _, share in sharing(framed, [ENGLISH, KOREAN]))


def test_the_share_is_of_the_shorter_text() -> None:
    longer = ENGLISH + " fifteen sixteen"
    assert [share for _, _, share in sharing([longer], [ENGLISH + " other words"])] == [0.5]
