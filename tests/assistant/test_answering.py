"""From a question to a cited answer, with a scripted model: what is invented is not shown."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from studiolo.answering import REFUSAL, Answer, Answerer
from studiolo.evidence import Evidence
from studiolo.settings import Settings
from studiolo_indexer.records import LedgerCounts, Passage, SearchResult, SearchTimes
from studiolo_models.fakes import FakeChat, FakeEmbedder

TEXTS = [
    "Unused leave of up to ten days may be carried over and must be taken by 31 March. Days beyond ten lapse.",
    "Leave accrues at 2.5 days per month of service. Requests for leave are made in writing.",
    "The canteen is open at noon. A lunch costs 4.80 euros.",
]
QUESTION = "How many days of unused leave may be carried over?"
LARGE = 4_000_000_000


def search(question: str, k: int, collections: Sequence[str]) -> SearchResult:
    embedder = FakeEmbedder()
    query = embedder.embed_query(question)
    passages = []
    for n, text in enumerate(TEXTS):
        cosine = float(embedder.embed_documents([text])[0] @ query)
        passages.append(
            Passage(f"{n}", f"d{n}", "documents", b"/docs/%d.md" % n, f"/docs/{n}.md", "Leave", "section", None,
                    100 * n, 100 * n + len(text), text, "", cosine, cosine, ("vector",), "sha", "2026-01-01")
        )  # fmt: skip
    passages.sort(key=lambda p: -p.score)
    return SearchResult(question, "hybrid", tuple(passages[:k]), SearchTimes())


def ask(chat: FakeChat | None, question: str = QUESTION, cancel: threading.Event | None = None) -> Answer:
    answerer = Answerer(
        search=search,
        embedder=FakeEmbedder(),
        coverage=lambda names: LedgerCounts(indexed=3),
        settings=Settings(),
    )
    return answerer.ask(
        question,
        k=3,
        collections=("documents",),
        chat=None if chat is None else lambda: chat,
        cancel=cancel or threading.Event(),
        on_evidence=lambda found: None,
        on_token=lambda text: None,
    )


def test_without_a_model_the_answer_is_the_best_quoted_sentence() -> None:
    answer = ask(None)
    assert answer.text.startswith("Unused leave of up to ten days may be carried over")
    assert (answer.composed_by, answer.stats, answer.first_token_s) == ("quotes", None, None)
    assert answer.citations[0].quote in TEXTS[0]


def test_a_quote_is_exactly_the_slice_that_its_offsets_name() -> None:
    """Promise 2 and R18."""
    for chat in (None, FakeChat("Up to ten days of unused leave may be carried over [1].", size_bytes=LARGE)):
        for citation in ask(chat).citations:
            passage = citation.passage
            assert citation.quote == passage.text[citation.start - passage.start : citation.end - passage.start]


def test_a_model_s_supported_answer_is_kept_and_cited() -> None:
    answer = ask(FakeChat("Up to ten days of unused leave may be carried over [1].", size_bytes=LARGE))
    assert answer.composed_by == "model"
    assert answer.sentences[0].verdict == "supported"
    assert answer.citations[0].passage.text == TEXTS[0]


def test_a_small_model_s_answer_without_numbers_gets_its_citation() -> None:
    answer = ask(FakeChat("Unused leave of up to ten days may be carried over."))
    assert (answer.composed_by, answer.sentences[0].citations) == ("model", (1,))


@pytest.mark.parametrize(
    "invented",
    [
        "Up to twenty days of unused leave may be carried over.",
        "Unused leave may not be carried over.",
        "The answer is 31.",
        "How many days of unused leave may be carried over?",
        "Parking costs forty euros a month.",
        "",
    ],
)
def test_what_a_small_model_invents_is_replaced_by_quotes(invented: str) -> None:
    answer = ask(FakeChat(invented))
    assert (answer.composed_by == "quotes_instead") or answer.refused
    assert invented == "" or invented not in answer.text


def test_a_large_model_s_unsupported_sentence_stays_and_is_marked() -> None:
    text = "Up to ten days of unused leave may be carried over [1]. Parking costs forty euros [2]."
    answer = ask(FakeChat(text, size_bytes=LARGE))
    assert [s.verdict for s in answer.sentences] == ["supported", "unsupported"]


def test_a_question_about_something_else_is_refused_before_the_model_is_asked() -> None:
    chat = FakeChat("Germany won.")
    answer = ask(chat, "Who won the football world cup?")
    assert (answer.refused, answer.text, chat.prompts) == (True, REFUSAL, [])
    assert answer.evidence


def test_a_model_that_finds_nothing_in_the_sources_refuses() -> None:
    answer = ask(FakeChat("The documents do not say.", size_bytes=LARGE))
    assert answer.refused
    assert answer.citations == ()


def test_the_prompt_keeps_its_budget() -> None:
    """At most 900 tokens, so that a laptop answers within seconds."""
    chat = FakeChat("Ten days.", size_bytes=LARGE)
    ask(chat, "leave " * 400)
    ask(chat)
    assert chat.prompts
    assert all(chat.count_prompt(p) <= Settings().prompt_tokens for p in chat.prompts)


def test_evidence_comes_before_the_first_token() -> None:
    order: list[str] = []

    def on_evidence(found: Sequence[Evidence]) -> None:
        order.append("evidence")

    Answerer(search=search, embedder=FakeEmbedder(), coverage=lambda names: LedgerCounts(), settings=Settings()).ask(
        QUESTION,
        k=3,
        collections=("documents",),
        chat=lambda: FakeChat("Ten days."),
        cancel=threading.Event(),
        on_evidence=on_evidence,
        on_token=order.append,
    )
    assert order[0] == "evidence"
    assert len(order) > 1


def test_a_cancelled_answer_keeps_what_was_said() -> None:
    cancel = threading.Event()
    cancel.set()
    answer = ask(FakeChat("Ten days. " * 50), cancel=cancel)
    assert answer.cancelled


def test_coverage_tells_how_many_files_were_searched() -> None:
    assert ask(None).coverage.indexed == 3
