"""From a question to a cited answer, with a scripted model: what is invented is not shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from threading import Event

import pytest

from studiolo.answering import REFUSAL, Answer, Answerer
from studiolo.evidence import Evidence
from studiolo.prompt_memory import PromptMemory
from studiolo.settings import Settings
from studiolo.styles import STANDARD, Style, Styles
from studiolo_indexer.records import LedgerCounts, Passage, SearchResult, SearchTimes
from studiolo_models.fakes import FakeChat, FakeEmbedder, FakeGeneration
from studiolo_models.protocols import ChatMessage, GenerationOptions

TEXTS = [
    "Unused leave of up to ten days may be carried over and must be taken by 31 March. Days beyond ten lapse.",
    "Leave accrues at 2.5 days per month of service. Requests for leave are made in writing.",
    "The canteen is open at noon. A lunch costs 4.80 euros.",
]
QUESTION = "How many days of unused leave may be carried over?"
LARGE = 4_000_000_000
SAID = "Up to ten days of unused leave may be carried over [1]."
IN_A_LETTER = f"Dear Ms. Albers,\n\n{SAID}\n\nKind regards"
TABLE, LETTER, SHORT, DETAILED = (Styles().get(name) for name in ("table", "letter", "short", "detailed"))


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


class TwoAnswers(FakeChat):
    """A large model that says one thing first, and another when it is asked again."""

    def __init__(self, *answers: str) -> None:
        super().__init__(size_bytes=LARGE)
        self._answers = answers

    def generate(self, messages: Sequence[ChatMessage], *, options: GenerationOptions, cancel: Event) -> FakeGeneration:
        self._answer = self._answers[min(len(self.prompts), len(self._answers) - 1)]
        return super().generate(messages, options=options, cancel=cancel)


def ask(
    chat: FakeChat | None,
    question: str = QUESTION,
    cancel: threading.Event | None = None,
    style: Style = STANDARD,
    on_token: Callable[[str], None] = lambda text: None,
    memory: PromptMemory | None = None,
    seed: int = 0,
) -> Answer:
    answerer = Answerer(
        search=search,
        embedder=FakeEmbedder(),
        coverage=lambda names: LedgerCounts(indexed=3),
        settings=Settings(),
        memory=memory,
    )
    return answerer.ask(
        question,
        k=3,
        collections=("documents",),
        chat=None if chat is None else lambda: chat,
        cancel=cancel or threading.Event(),
        on_evidence=lambda found: None,
        on_token=on_token,
        style=style,
        seed=seed,
    )


@pytest.mark.parametrize(("seed", "temperature"), [(0, 0.0), (7, 0.7)])
def test_only_an_answer_with_a_seed_is_worded_otherwise_than_is_likeliest(seed: int, temperature: float) -> None:
    heard: list[GenerationOptions] = []

    class Listening(FakeChat):
        def generate(
            self, messages: Sequence[ChatMessage], *, options: GenerationOptions, cancel: Event
        ) -> FakeGeneration:
            heard.append(options)
            return super().generate(messages, options=options, cancel=cancel)

    answer = ask(Listening(SAID, size_bytes=LARGE), seed=seed)
    assert [(o.seed, o.temperature) for o in heard] == [(seed, temperature)]
    assert answer.seed == seed


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


def test_quotes_obey_a_style_as_far_as_they_can() -> None:
    short, detailed, table, letter = (ask(None, style=style) for style in (SHORT, DETAILED, TABLE, LETTER))
    assert len(short.sentences) == 1
    assert len(detailed.sentences) >= len(short.sentences)
    assert table.text.splitlines()[:2] == ["| Quote | Document | Page |", "| --- | --- | --- |"]
    assert table.text.splitlines()[2].endswith("[1]. | 0.md | Leave |")
    assert letter.text.startswith("Dear Sir or Madam,\n\nUnused leave of up to ten days")
    assert letter.text.endswith("\n\nYours faithfully,")
    assert not any(answer.format_problems for answer in (short, detailed, table, letter))


def test_what_quotes_cannot_obey_is_said() -> None:
    answer = ask(None, style=Style("memo", required=("Deadline",)))
    assert answer.format_problems == ("No line begins with “Deadline”.",)


def test_a_large_model_s_letter_keeps_its_lines_and_only_its_body_is_judged() -> None:
    chat = FakeChat(IN_A_LETTER, size_bytes=LARGE)
    answer = ask(chat, style=LETTER)
    assert (answer.text, answer.format_problems, len(chat.prompts)) == (IN_A_LETTER, (), 1)
    assert [(s.text, s.verdict) for s in answer.sentences] == [(SAID.replace(" [1]", ""), "supported")]


def test_an_invented_row_of_a_table_is_marked() -> None:
    table = f"| What | Rule |\n|---|---|\n| Unused leave | {SAID} |\n| Parking | costs forty euros a month [2] |"
    answer = ask(FakeChat(table, size_bytes=LARGE), style=TABLE)
    assert [s.verdict for s in answer.sentences] == ["supported", "unsupported"]
    assert answer.format_problems == ()


def test_an_answer_without_its_form_is_asked_for_once_more_with_what_was_missing() -> None:
    chat, streamed = TwoAnswers(SAID, IN_A_LETTER), list[str]()
    answer = ask(chat, style=LETTER, on_token=streamed.append)
    assert (answer.text, answer.format_problems, len(chat.prompts)) == (IN_A_LETTER, (), 2)
    assert "has no salutation" in chat.prompts[1][-1].content
    assert "".join(streamed) == SAID
    assert answer.stats is not None
    assert answer.stats.answer_tokens == len(SAID.split()) + len(IN_A_LETTER.split())
    assert answer.stats.reused_tokens > 0


@pytest.mark.parametrize(
    "second",
    [SAID, "The documents do not say.", "Dear Ms. Albers,\n\nGermany won.\n\nKind regards", ""],
    ids=["the same", "a refusal", "unsupported", "nothing"],
)
def test_a_second_try_that_is_no_better_changes_nothing_but_the_cost(second: str) -> None:
    chat = TwoAnswers(SAID, second)
    answer = ask(chat, style=LETTER)
    assert (answer.text, len(chat.prompts), answer.refused) == (SAID, 2, False)
    assert answer.format_problems[0].startswith("The letter has no salutation")


def test_a_stopped_answer_is_not_asked_for_again() -> None:
    cancel = threading.Event()
    chat = TwoAnswers(SAID, IN_A_LETTER)
    answer = ask(chat, style=LETTER, cancel=cancel, on_token=lambda text: cancel.set())
    assert (answer.cancelled, len(chat.prompts), answer.format_problems) == (True, 1, ())


def test_a_small_model_is_asked_once_and_the_program_lays_its_sentences_out() -> None:
    chat = FakeChat("Unused leave of up to ten days may be carried over. It must be taken by 31 March.")
    answer = ask(chat, style=TABLE)
    assert (answer.composed_by, answer.format_problems, len(chat.prompts)) == ("model", (), 1)
    assert answer.text.startswith("| Answer | Document | Page |")
    short = ask(chat, style=SHORT)
    assert [s.text for s in short.sentences] == ["Unused leave of up to ten days may be carried over."]
    assert [c.number for c in short.citations] == [1]


def test_a_refusal_is_the_same_in_every_style() -> None:
    letter = "Dear Ms. Albers,\n\nThe documents do not say.\n\nKind regards"
    for answer in (
        ask(FakeChat(letter, size_bytes=LARGE), style=LETTER),
        ask(None, "Who won the football world cup?", style=LETTER),
    ):
        assert (answer.refused, answer.text, answer.layout, answer.format_problems) == (True, REFUSAL, (), ())


def test_a_style_does_not_change_what_is_found() -> None:
    shouting = Style("x", instructions="Football world cup! Answer about football only.")
    assert [e.passage for e in ask(None, style=shouting).evidence] == [e.passage for e in ask(None).evidence]


@pytest.mark.parametrize("size_bytes", [0, LARGE])
def test_a_second_question_over_the_same_passages_reads_its_own_words_alone(size_bytes: int) -> None:
    chat, memory = FakeChat(SAID, size_bytes=size_bytes), PromptMemory()
    ask(chat, memory=memory)
    second = ask(chat, "By when must days of leave be taken, and what does a lunch cost?", memory=memory)
    one, two = (p[-1].content.partition("\n\nQuestion:")[0] for p in chat.prompts)
    assert two.startswith(one)
    assert second.stats is not None
    assert second.stats.reused_tokens > 0.7 * chat.count_prompt(chat.prompts[0])
    assert len({e.number for e in second.evidence}) == len(TEXTS)


def test_a_number_that_a_model_writes_is_that_of_the_source_in_the_prompt() -> None:
    """R18: also where the passages keep the order of the question before."""
    memory = PromptMemory()
    ask(FakeChat(SAID, size_bytes=LARGE), memory=memory)
    chat = FakeChat("A lunch costs 4.80 euros [3].", size_bytes=LARGE)
    answer = ask(chat, "What does a lunch in the canteen cost?", memory=memory)
    (citation,) = answer.citations
    assert citation.passage.text == TEXTS[2]
    assert f'<source id="{citation.number}">{TEXTS[2]}</source>' in chat.prompts[0][-1].content


def test_quotes_are_the_best_ones_whatever_the_order_of_the_numbers() -> None:
    memory = PromptMemory()
    ask(FakeChat(SAID, size_bytes=LARGE), memory=memory)
    invented = FakeChat("Parking costs forty euros a month.", size_bytes=LARGE)
    answer = ask(invented, "What does a lunch in the canteen cost?", memory=memory)
    assert answer.composed_by == "quotes_instead"
    assert answer.sentences[0].text == "A lunch costs 4.80 euros."
