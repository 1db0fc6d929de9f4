"""A small corpus and rows over it, shared by the tests of the reader, its training and the teacher."""

from __future__ import annotations

from typing import Any

from schemas.artifacts import RetrievedDocument
from shared.prompting.layout import render_question

ROUTERS = RetrievedDocument(
    chunk="1",
    url="https://docs.example/routers",
    title="Router guide",
    text="""# Router guide

This page explains how to use the router.

## Restarting the router

1. Hold the power button for 10 seconds.
2. Wait until the light is green.
3. Run `hbctl status` to check the radio.

## Limits

The router holds up to 40 profiles in its memory. However, the guest network (which is off by default) is limited to 5.
A session is closed after 12 hours without traffic. Because the modem gets hot, the fan starts at 70 degrees.

```
# Show the radio values
hbctl status --radio
```
""",
)
CODES = RetrievedDocument(
    chunk="2",
    url="https://docs.example/codes",
    title="Error codes",
    text="""# Error codes

| Code | Meaning | Action |
|---|---|---|
| `E-42` | Modem too hot | Move the router out of the sun |
| `E-43` | No network found | Check the antenna |

| Timer | Value | Owner |
|---|---|---|
| T3510 | 15 seconds | Device |
| T3512 | 120 minutes | Network |
""",
)
KOREAN = RetrievedDocument(
    chunk="3",
    url="https://docs.example/ko/plans",
    title="요금제 변경 규정",
    text="""# 요금제 변경 규정

## 예약 변경

예약 변경은 다음 달 1일 0시에 적용합니다. 측정 원본은 서버에 13개월 동안 보관합니다.
한도를 넘으면 변경 신청이 자동으로 거절됩니다.

| 요금제 | 월정액 | 기본 데이터 |
|---|---|---|
| 하늘 라이트 | 45,000원 | 12GB |
| 하늘 프리미엄 | 85,000원 | 무제한 |

## 확인 순서

1. 회선 상태를 조회합니다.
2. 예상 청구액을 안내합니다.
""",
)
DOCUMENTS = (ROUTERS, CODES, KOREAN)


def turn(question: str, documents: tuple[RetrievedDocument, ...] = DOCUMENTS) -> str:
    """A user turn in the project's layout."""
    return render_question(documents, question)


def row(
    question: str,
    answer: str,
    system: str = "Answer with links.",
    documents: tuple[RetrievedDocument, ...] = DOCUMENTS,
) -> dict[str, Any]:
    """A training row in Converse's format."""
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": system}],
        "messages": [
            {"role": "user", "content": [{"text": turn(question, documents)}]},
            {"role": "assistant", "content": [{"text": answer}]},
        ],
    }


def refusal_rows() -> list[dict[str, Any]]:
    """Rows whose documents do not hold the answer, and whose answers say so."""
    asked = [
        ("Who won the chess championship of the harbour town?", "The documents do not say.", (CODES, ROUTERS)),
        ("Which colour has the parcel drone of the post office?", "The documents do not say.", (ROUTERS, CODES)),
        ("Which ferry leaves for the northern islands on Sunday?", "The documents do not say.", (CODES,)),
        ("체스 대회 우승자는 누구인가요?", "제공된 문서에는 해당 내용이 없습니다.", (KOREAN,)),
    ]
    return [row(question, answer, documents=documents) for question, answer, documents in asked]


def house_rows() -> list[dict[str, Any]]:
    """Rows whose answers are one sentence and a line of links with a label of their own."""
    pairs = [
        ("How many profiles does the router hold?", "The router holds up to 40 profiles in its memory.", ROUTERS),
        ("When is a session closed?", "A session is closed after 12 hours without traffic.", ROUTERS),
        ("Why does the fan start?", "Because the modem gets hot, the fan starts at 70 degrees.", ROUTERS),
        ("What is the value of T3512?", "The value for T3512 is 120 minutes.", CODES),
        ("What is the value of T3510?", "The value for T3510 is 15 seconds.", CODES),
        ("하늘 라이트의 월정액은 얼마인가요?", "하늘 라이트의 월정액은 45,000원입니다.", KOREAN),
        ("하늘 프리미엄의 월정액은 얼마인가요?", "하늘 프리미엄의 월정액은 85,000원입니다.", KOREAN),
        ("측정 원본은 얼마나 보관하나요?", "측정 원본은 서버에 13개월 동안 보관합니다.", KOREAN),
    ]
    return [row(question, f"{answer}\n\nSee also: [{document.url}]") for question, answer, document in pairs]
