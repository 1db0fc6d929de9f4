from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from shared.text.minhash import COMPARED, ROWS, near_pairs, similarity
from workers.doc_ingest.signature import signature

KOREAN = (
    "요금제를 변경하면 다음 달 1일부터 새 요금이 적용됩니다. 변경은 한 달에 한 번만 할 수 있고, "
    "약정이 남아 있으면 위약금이 있을 수 있습니다. "
    "가족 결합 할인은 변경한 뒤에도 그대로 유지되며, 데이터 한도는 남은 날수에 맞추어 계산됩니다."
)


def text_of(seed: int, words: int = 300) -> list[str]:
    chosen = random.Random(seed)
    return [f"w{chosen.randrange(2000)}" for _ in range(words)]


def groups(texts: dict[str, str]) -> set[tuple[str, str]]:
    return set(near_pairs({name: signature(text) for name, text in texts.items()}))


def test_layout_and_case_do_not_count() -> None:
    assert signature("The **cell** is\n\n| up | now |") == signature("the cell IS up now")
    assert signature("--- | ---") == []


def test_the_estimate_is_near_the_truth() -> None:
    words = text_of(1)
    for kept in (100, 200, 270):
        other = words[:kept] + text_of(2, 300 - kept)
        shared, total = kept - 2, 2 * 298 - (kept - 2)
        estimated = similarity(signature(" ".join(words)), signature(" ".join(other)))
        assert abs(estimated - shared / total) < 0.15


def test_an_edited_copy_is_found_and_another_document_is_not() -> None:
    words = text_of(1)
    edited = [*words[:100], "changed", *words[101:]]
    texts = {"a": " ".join(words), "b": " ".join(edited), "c": " ".join(text_of(3))}
    assert groups(texts) == {("a", "b")}


def test_a_few_edited_words_of_a_short_korean_text_are_found() -> None:
    assert groups({"a": KOREAN, "b": KOREAN.replace("1일", "5일").replace("한 번만", "두 번만")}) == {("a", "b")}


def test_a_hundred_copies_are_joined_without_comparing_all_pairs() -> None:
    words = text_of(1)
    copies = {f"{n:03d}": " ".join([*words, f"copy{n}"]) for n in range(100)}
    pairs = groups(copies)
    assert {later for _, later in pairs} == set(copies) - {"000"}
    assert len(pairs) < 100 * 99 / 2


def test_documents_without_a_signature_are_like_nothing() -> None:
    assert list(near_pairs({"a": [], "b": []})) == []
    assert similarity([], []) == 0.0


ROWS_OF_NUMBERS = st.lists(st.integers(0, 1), min_size=ROWS, max_size=ROWS)
SIGNATURES = st.lists(ROWS_OF_NUMBERS, max_size=4).map(lambda bands: [number for band in bands for number in band])


@given(st.lists(SIGNATURES, max_size=2 * COMPARED))
def test_leaving_out_bands_that_one_document_has_alone_changes_nothing(found: list[list[int]]) -> None:
    signatures = {f"{n:02d}": signature for n, signature in enumerate(found)}
    assert list(near_pairs(signatures)) == with_all_buckets(signatures)


def with_all_buckets(signatures: dict[str, list[int]]) -> list[tuple[str, str]]:
    """The pairs, as plainly as they can be found."""
    buckets: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    pairs = []
    for name, own in sorted(signatures.items()):
        seen = set[str]()
        for band in range(0, len(own), ROWS):
            bucket = buckets[band, tuple(own[band : band + ROWS])]
            for other in bucket[:COMPARED]:
                if other not in seen and similarity(own, signatures[other]) >= 0.5:
                    pairs.append((other, name))
                seen.add(other)
            bucket.append(name)
    return pairs
