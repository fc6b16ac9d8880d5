"""One question: search, evidence, prompt, stream, cite; owned by the thread that calls it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np

from studiolo.answerable import is_answerable
from studiolo.chat_turn import ChatTurn, together
from studiolo.citations import CitedSentence, Quote, cite, with_marks
from studiolo.evidence import Evidence, find_evidence
from studiolo.formats import format_problems
from studiolo.layouts import Laid, compose, lay_out
from studiolo.prompt_memory import PromptMemory
from studiolo.prompts import Form, answer_tokens, ask_again, build_prompt, form_for
from studiolo.sentences import terms
from studiolo.settings import Settings
from studiolo.styles import STANDARD, Style
from studiolo.support import WEAK, Support, support_of
from studiolo_indexer.records import Embedder, LedgerCounts, Passage, SearchResult, Vectors
from studiolo_models.protocols import ChatMessage, ChatModel, GenerationOptions, GenerationStats

log = logging.getLogger(__name__)

REFUSAL = "Your documents do not answer this."
_QUOTED_SENTENCES = 3
_MOST_QUOTED_SENTENCES = 5
_CLOSE = 0.75
_TRUST_A_SMALL_MODEL = 0.7
_FOCUSED_SOURCES = 3
_FOCUSED_NEIGHBOURS = 1
_VARIED = 0.7
"""The temperature of an answer that is to be worded otherwise; the first one has none, and is the likeliest."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A number in an answer, the passage that it points to, and the quoted words.

    `start` and `end` are code points of the document's text; `quote` is exactly that slice.
    """

    number: int
    passage: Passage
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` found, before it is written as JSON.

    `composed_by` is "model", "quotes" (no model took part), or "quotes_instead" (the model's answer rested on
    nothing, so the best quoted sentences replace it). `layout` is empty where the sentences stand in a row;
    `format_problems` says what the style's form lacks.
    """

    question: str
    text: str
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    refused: bool
    cancelled: bool
    composed_by: str
    coverage: LedgerCounts
    stats: GenerationStats | None
    retrieve_s: float
    first_token_s: float | None
    total_s: float
    style: Style = STANDARD
    layout: tuple[Laid, ...] = ()
    format_problems: tuple[str, ...] = ()
    seed: int = 0


class Answerer:
    """Answers one question at a time from the passages that `search` finds.

    Args:
        search: Finds passages: (question, k, collections) to a result.
        embedder: Embeds sentences, to quote and to judge.
        coverage: Counts the files of the named collections by state.
        settings: Budgets and sampling.
        scale_is_known: See `is_answerable`.
        memory: What stood in the prompt before, for a question of the same talk; fresh where there is none.
    """

    def __init__(
        self,
        *,
        search: Callable[[str, int, Sequence[str]], SearchResult],
        embedder: Embedder,
        coverage: Callable[[Sequence[str]], LedgerCounts],
        settings: Settings,
        scale_is_known: bool = False,
        memory: PromptMemory | None = None,
    ) -> None:
        self._search = search
        self._scale_is_known = scale_is_known
        self._embedder = embedder
        self._coverage = coverage
        self._settings = settings
        self._memory = memory or PromptMemory()

    def ask(
        self,
        question: str,
        *,
        k: int,
        collections: Sequence[str],
        chat: Callable[[], ChatModel] | None,
        cancel: Event,
        on_evidence: Callable[[Sequence[Evidence]], None],
        on_token: Callable[[str], None],
        style: Style = STANDARD,
        seed: int = 0,
    ) -> Answer:
        """Answer a question; without `chat` (called only once passages are there), with the best quoted sentences.

        `style` decides how the answer is written, never what is found. `on_evidence` is called once before the first
        token, `on_token` with each piece of the model's answer (of the first try; see `_once_more`). With a `seed`
        above 0 the model words it otherwise than with 0, and the same for the same seed.

        Raises:
            IndexerError: If a collection is unknown, or the store cannot be read.
            ModelError: If the chat model cannot be loaded or used.
        """
        started = time.perf_counter()
        found = self._search(question, k, collections)
        evidence = self._memory.in_order(find_evidence(question, found.passages, self._embedder))
        retrieve_s = time.perf_counter() - started
        on_evidence(evidence)
        draft = _in_form(self._draft(question, evidence, chat, cancel, on_token, style, seed), style, evidence)
        first = draft.stats.first_token_s if draft.stats else None
        model_started_s = draft.started - started
        return Answer(
            question=question,
            text=draft.text,
            sentences=tuple(draft.sentences),
            citations=tuple(_citation(evidence, quote) for quote in draft.quotes),
            evidence=evidence,
            refused=draft.refused,
            cancelled=draft.cancelled,
            composed_by=draft.composed_by,
            coverage=self._coverage(collections),
            stats=draft.stats,
            retrieve_s=retrieve_s,
            first_token_s=None if first is None else model_started_s + first,
            total_s=time.perf_counter() - started,
            style=style,
            layout=draft.layout,
            format_problems=draft.problems,
            seed=seed,
        )

    def _draft(
        self,
        question: str,
        evidence: Sequence[Evidence],
        chat: Callable[[], ChatModel] | None,
        cancel: Event,
        on_token: Callable[[str], None],
        style: Style,
        seed: int,
    ) -> _Draft:
        if not is_answerable(question, evidence, scale_is_known=self._scale_is_known):
            return _refusal()
        if chat is None:
            return _quoted(evidence, style, composed_by="quotes")
        model = chat()
        started = time.perf_counter()
        form = form_for(model.size_bytes)
        max_tokens = answer_tokens(style, self._settings.answer_tokens)
        options = GenerationOptions(max_tokens=max_tokens, temperature=_VARIED if seed else 0.0, seed=seed)
        room = min(self._settings.prompt_tokens, model.context_tokens - options.max_tokens)
        messages, sources = self._prompt(question, evidence, form, style, room, model)
        turn = ChatTurn(model, options, cancel)
        raw, stats = turn.say(messages, on_token)
        draft = self._cited(raw, sources, style if form == "cited" else STANDARD, stats=stats, started=started)
        draft.cancelled = cancel.is_set()
        if form == "focused":
            _shorten(draft, style.max_sentences)
        elif not (draft.cancelled or draft.refused):
            draft = self._once_more(draft, turn, ask_again(messages, raw, _problems(draft, style)), sources, style)
        if draft.cancelled or draft.refused or _holds(draft, question, form):
            return draft
        log.info("the model's answer rested on no passage; quotes stand in for it")
        return _quoted(evidence, style, composed_by="quotes_instead", stats=draft.stats, started=started)

    def _prompt(
        self, question: str, evidence: Sequence[Evidence], form: Form, style: Style, room: int, model: ChatModel
    ) -> tuple[list[ChatMessage], Sequence[Evidence]]:
        """Build the prompt, for the passages of the last one with its beginning; gives the passages in it too."""

        def built(texts: Sequence[str]) -> tuple[list[ChatMessage], int]:
            return build_prompt(question, texts, form=form, max_tokens=room, count=model.count_prompt, style=style)

        first = evidence[:_FOCUSED_SOURCES]
        if form == "focused" and (kept := self._memory.focused(first)) is not None:
            messages, fitting = built(kept)
            if fitting == len(kept):
                self._memory.keep(form, first, kept)
                return messages, first
        texts = _sources(evidence, form)
        messages, fitting = built(texts)
        self._memory.keep(form, evidence[:fitting], texts[:fitting])
        return messages, evidence[:fitting]

    def _once_more(
        self,
        first: _Draft,
        turn: ChatTurn,
        messages: Sequence[ChatMessage],
        evidence: Sequence[Evidence],
        style: Style,
    ) -> _Draft:
        """Ask a second time for an answer that lacks the style's form; the second one counts if it has the form.

        Its words are not streamed: they would stand behind those of the first.
        """
        if not _problems(first, style) or not turn.has_room(messages):
            return first
        log.info("the model's answer lacked the form of its style; it is asked once more")
        raw, stats = turn.say(messages, lambda text: None)
        second = self._cited(raw, evidence, style, stats=together(first.stats, stats), started=first.started)
        first.stats, first.cancelled = second.stats, turn.cancel.is_set()
        better = not (first.cancelled or second.refused or _problems(second, style))
        return second if better and _holds(second, "", "cited") else first

    def _cited(
        self, raw: str, evidence: Sequence[Evidence], style: Style, *, stats: GenerationStats | None, started: float
    ) -> _Draft:
        judge = _Judge(evidence, self._embedder)
        layout: tuple[Laid, ...] = ()
        if style.has_lines:
            text, layout, sentences, quotes = compose(raw, style, len(evidence), judge)
        else:
            sentences, quotes = cite(raw, len(evidence), judge)
            text = with_marks(sentences)
        if _says_nothing(raw) or (sentences and all(_says_nothing(s.text) for s in sentences)):
            return _refusal(stats=stats, started=started)
        return _Draft(
            text=text,
            sentences=sentences,
            quotes=quotes,
            composed_by="model",
            stats=stats,
            started=started,
            layout=layout,
        )


@dataclass(slots=True)
class _Draft:
    text: str
    sentences: Sequence[CitedSentence]
    quotes: Sequence[Quote]
    composed_by: str
    stats: GenerationStats | None
    started: float
    refused: bool = False
    cancelled: bool = False
    layout: tuple[Laid, ...] = ()
    problems: tuple[str, ...] = ()


class _Judge:
    """Judges sentences of an answer against numbered passages; each pair once."""

    def __init__(self, evidence: Sequence[Evidence], embedder: Embedder) -> None:
        self._evidence = evidence
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}
        self._known: dict[tuple[str, int], Support] = {}

    def __call__(self, sentence: str, number: int) -> Support:
        key = (sentence, number)
        if key not in self._known:
            if sentence not in self._vectors:
                self._vectors[sentence] = self._embedder.embed_documents([sentence])[0]
            item = self._evidence[number - 1]
            cosines = [float(c) for c in np.asarray(item.vectors @ self._vectors[sentence])]
            self._known[key] = support_of(sentence, item.passage.text, item.sentences, cosines)
        return self._known[key]


def _holds(draft: _Draft, question: str, form: Form) -> bool:
    """Decide whether the model's answer may stand.

    A large model's may if any sentence has some support: the others are marked. A small model invents so readily that
    each sentence must be well supported, one must rest on the best passage, and they must say more than the question.
    """
    if form == "cited":
        return any(s.support >= WEAK for s in draft.sentences)
    asked = terms(question)
    says_more = any(terms(s.text) - asked for s in draft.sentences)
    on_the_best = any(1 in s.citations for s in draft.sentences)
    return says_more and on_the_best and all(s.support >= _TRUST_A_SMALL_MODEL for s in draft.sentences)


def _refusal(*, stats: GenerationStats | None = None, started: float | None = None) -> _Draft:
    return _Draft(
        text=REFUSAL,
        sentences=[],
        quotes=[],
        composed_by="model" if stats else "quotes",
        stats=stats,
        started=time.perf_counter() if started is None else started,
        refused=True,
    )


def _quoted(
    evidence: Sequence[Evidence],
    style: Style,
    *,
    composed_by: str,
    stats: GenerationStats | None = None,
    started: float | None = None,
) -> _Draft:
    """Answer with the best quoted sentences: the best one, and others that come close and say something else.

    A style's limit of sentences is theirs too, up to five.
    """
    chosen: list[Evidence] = []
    best_first = sorted(evidence, key=lambda e: (-e.rank_score, e.number))
    for item in best_first:
        known = {" ".join(c.quote().casefold().split()) for c in chosen}
        close = not chosen or max(item.scores) >= _CLOSE * max(best_first[0].scores)
        if close and " ".join(item.quote().casefold().split()) not in known:
            chosen.append(item)
        if len(chosen) == (min(_MOST_QUOTED_SENTENCES, style.max_sentences) or _QUOTED_SENTENCES):
            break
    sentences = [CitedSentence(" ".join(e.quote().split()), (e.number,), 1.0, "supported") for e in chosen]
    return _Draft(
        text=with_marks(sentences),
        sentences=sentences,
        quotes=sorted((Quote(e.number, e.best.start, e.best.end) for e in chosen), key=lambda q: q.number),
        composed_by=composed_by,
        stats=stats,
        started=time.perf_counter() if started is None else started,
    )


def _in_form(draft: _Draft, style: Style, evidence: Sequence[Evidence]) -> _Draft:
    """Put sentences that stand in a row into the style's form, and say what an answer still lacks of it."""
    if draft.refused or draft.cancelled:
        return draft
    if style.has_lines and not draft.layout:

        def place_of(number: int) -> tuple[str, str]:
            passage, at = evidence[number - 1].passage, evidence[number - 1].best.start
            page, part = passage.page_at(passage.start + at), passage.part_at(passage.start + at)
            return Path(passage.path_text).name, str(page or part or "")

        draft.text, draft.layout = lay_out(draft.sentences, style, place_of, quoted=draft.composed_by != "model")
    draft.problems = _problems(draft, style)
    return draft


def _problems(draft: _Draft, style: Style) -> tuple[str, ...]:
    return format_problems(draft.text, len(draft.sentences), style) if style.has_format else ()


def _shorten(draft: _Draft, max_sentences: int) -> None:
    """Keep the first sentences of a small model's answer, which does not obey a limit, and their quotes."""
    if 0 < max_sentences < len(draft.sentences):
        draft.sentences = draft.sentences[:max_sentences]
        draft.text = with_marks(draft.sentences)
        cited = {number for sentence in draft.sentences for number in sentence.citations}
        draft.quotes = [quote for quote in draft.quotes if quote.number in cited]


def _citation(evidence: Sequence[Evidence], quote: Quote) -> Citation:
    passage = evidence[quote.number - 1].passage
    return Citation(
        number=quote.number,
        passage=passage,
        start=passage.start + quote.start,
        end=passage.start + quote.end,
        quote=passage.text[quote.start : quote.end],
    )


def _sources(evidence: Sequence[Evidence], form: Form) -> list[str]:
    """Give the texts for the prompt: whole passages with title and headings, or the sentences around the best ones."""
    if form == "focused":
        return [e.around_best(_FOCUSED_NEIGHBOURS) for e in evidence[:_FOCUSED_SOURCES]]
    return [f"{e.passage.context}: {e.passage.text}" if e.passage.context else e.passage.text for e in evidence]


def _says_nothing(answer: str) -> bool:
    plain = " ".join(answer.casefold().split())
    return not plain or plain.startswith(("the documents do not say", "your documents do not answer"))
