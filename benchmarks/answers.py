"""What answers are worth: refusals, quotes, citations, clicks on them, and how soon the evidence is there.

    .venv/bin/python benchmarks/answers.py --data FOLDER [--home FOLDER] [--line NAME]…

Everything goes through the product's own desks, without a model but where said. The lines:

- `refusals`: of `northwind-hr`, what is refused of the 45 questions without an answer, and of the 201 others.
- `squad2`: the same for 200 and 200 questions of the three test articles, drawn with a fixed seed and asked over all
  eight; and of those with an answer, whether it stands in the first three quotes that are shown. A question without an
  answer names no article: it belongs to the one whose questions stand on both sides of it.
- `citations`: over all these answers, and those of the starter model to 60 questions of `northwind-hr`, whether each
  quote is the slice of the file's text that its offsets say, and whether its passage was in the prompt (without a
  model: among the numbered passages that were shown).
- `clicks`: of 50 answers of `northwind-hr` that cite or show the right page, whether a click opens the quote's page
  and the letters and digits that PDFium finds in the marked boxes are the quote's, in their order.
- `latency`: `sec10q` with everything loaded: a search; and from a question to its evidence, through the engine.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from figures import Figure  # type: ignore[import-not-found]  # beside this script
from pdf_speed import boxed_letters  # type: ignore[import-not-found]  # beside this script
from retrieval import SetOfQuestions, in_home, indexed  # type: ignore[import-not-found]  # beside this script
from stop import ENDS, Engine  # type: ignore[import-not-found]  # beside this script

from studiolo.answer_desk import AnswerDesk
from studiolo.answering import Answerer
from studiolo.desk import Job, Json
from studiolo.evaluation.question_sets import Question, read_questions
from studiolo.messages import Ask, Text, View
from studiolo.results import answer_result
from studiolo.view_desk import ViewDesk
from studiolo.workspace import ChatHolder
from studiolo_models.protocols import ChatMessage, ChatModel, Generation

TRAINED = {
    f"{a}.md" for a in ("1973_oil_crisis", "European_Union_law", "French_and_Indian_War", "Huguenot", "Imperialism")
}
DRAWN = 200
SHOWN_QUOTES = 3
WITH_MODEL = 60
CLICKS = 50
WIDTH = 900
WARM_UP = 20
_MARK = re.compile(r"\[(\d+)\]")


class Library:
    """A set with its index, and the desks that a window's questions and clicks meet."""

    def __init__(self, home: Path, data: Path, name: str) -> None:
        wanted = SetOfQuestions(data, name)
        self.name = name
        self.questions = read_questions(data / name / "questions.jsonl")
        self.root: Path = wanted.root
        self.workspace = indexed(home, wanted)
        self.view = ViewDesk(self.workspace)
        self._answers = AnswerDesk(self.workspace)
        self._quoted: dict[str, Json] = {}
        self._texts: dict[str, str] = {}

    def quoted(self, question: Question) -> Json:
        """Answer a question without a model."""
        if question.id not in self._quoted:
            request = Ask(id=question.id, question=question.question, use_model=False)
            self._quoted[question.id] = self._answers.handle(request, Job())
        return self._quoted[question.id]

    def all_quoted(self) -> list[Json]:
        """Give what was answered without a model so far."""
        return list(self._quoted.values())

    def text(self, path: str) -> str:
        """Give what `studiolo text` prints of a file."""
        if path not in self._texts:
            self._texts[path] = self.view.handle(Text(id="text", path=path), Job())["text"]
        return self._texts[path]

    def close(self) -> None:
        """Close the desks."""
        self._answers.close()
        self.view.close()


@dataclasses.dataclass
class Libraries:
    """The sets that the lines use, each opened at its first use."""

    home: Path
    data: Path

    @cached_property
    def northwind(self) -> Library:
        """HR and benefit PDFs."""
        return Library(self.home, self.data, "northwind-hr")

    @cached_property
    def squad(self) -> Library:
        """Eight long articles."""
        return Library(self.home, self.data, "squad2")

    @cached_property
    def reports(self) -> Library:
        """Quarterly reports."""
        return Library(self.home, self.data, "sec10q")

    def close(self) -> None:
        """Close what was opened."""
        for opened in vars(self).values():
            if isinstance(opened, Library):
                opened.close()


def refused(library: Library, questions: Sequence[Question], *, unanswerable: bool) -> float:
    """Give the share of the questions of one kind that are refused."""
    return statistics.fmean(bool(library.quoted(q)["refused"]) for q in questions if q.unanswerable == unanswerable)


def refusals(libraries: Libraries) -> Iterator[Figure]:
    """Measure what is refused of `northwind-hr`."""
    library = libraries.northwind
    yield Figure(library.name, "unanswerable: refused", refused(library, library.questions, unanswerable=True), 0.75)
    share = refused(library, library.questions, unanswerable=False)
    yield Figure(library.name, "answerable: falsely refused", share, 0.10, at_most=True)


def drawn(questions: Sequence[Question], n: int = DRAWN, *, of_the_test: bool = True) -> list[Question]:
    """Draw `n` questions with an answer and `n` without one, of the test articles or of the others."""
    articles = [q.sources[0].path if q.sources else None for q in questions]
    before, behind = list[str | None](), list[str | None]()
    for row, ordered in ((before, articles), (behind, articles[::-1])):
        last = None
        for article in ordered:
            last = article or last
            row.append(last)
    wanted = [
        q
        for q, first, second in zip(questions, before, behind[::-1], strict=True)
        if (first or second) == (second or first) and ((first or second) not in TRAINED) == of_the_test
    ]
    draw = random.Random(0)  # noqa: S311 - no secret
    kinds = [[q for q in wanted if q.unanswerable == kind] for kind in (False, True)]
    return [q for kind in kinds for q in draw.sample(kind, n)]


def squad(libraries: Libraries) -> Iterator[Figure]:
    """Measure what is refused of `squad2`, and whether the answers stand in the first quotes."""
    library = libraries.squad
    questions = drawn(library.questions)
    yield Figure("squad2", "unanswerable: refused", refused(library, questions, unanswerable=True), 0.50)
    falsely = refused(library, questions, unanswerable=False)
    yield Figure("squad2", "answerable: falsely refused", falsely, 0.20, at_most=True)

    def stands(question: Question) -> bool:
        shown = [_plain(row["quote"]) for row in library.quoted(question)["passages"][:SHOWN_QUOTES]]
        return any(_plain(answer) in quote for answer in question.answers for quote in shown)

    share = statistics.fmean(stands(q) for q in questions if not q.unanswerable)
    yield Figure("squad2", f"answer in the first {SHOWN_QUOTES} quotes", share, 0.85)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


class Overheard:
    """A chat model that keeps the last prompt."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self.prompt = ""

    def __getattr__(self, name: str) -> Any:  # Any: whatever the model has of that name
        return getattr(self._chat, name)

    def generate(self, messages: Sequence[ChatMessage], **options: Any) -> Generation:  # Any: as the model takes them
        """Keep the prompt, and start the answer."""
        self.prompt = "\n".join(m.content for m in messages)
        return self._chat.generate(messages, **options)


def modelled(library: Library) -> Iterator[tuple[Json, str]]:
    """Answer the first questions with the model in use; gives each answer with its prompt."""
    workspace = library.workspace
    searcher, catalogue, chats = workspace.searcher(), workspace.catalogue(), ChatHolder(workspace)
    chat = Overheard(chats.load(None, None))
    answerer = Answerer(
        search=lambda words, k, collections: searcher.search(words, k=k, collections=collections),
        embedder=workspace.embedder(),
        coverage=catalogue.counts,
        settings=workspace.settings,
        scale_is_known=workspace.scale_is_known,
    )
    for question in [q for q in library.questions if not q.unanswerable][:WITH_MODEL]:
        chat.prompt = ""
        answer = answerer.ask(
            question.question,
            k=6,
            collections=("documents",),
            chat=lambda: chat,
            cancel=threading.Event(),
            on_evidence=lambda found: None,
            on_token=lambda text: None,
        )
        row = answer_result(answer, model=None, adapter=None, adapter_scale=0.0, embedder="", stale_numbers=())
        yield row, chat.prompt
    chats.close()
    searcher.close()
    catalogue.close()


def cited(library: Library, answer: Json, prompt: str | None) -> Iterator[tuple[bool, bool]]:
    """Tell for each number in an answer whether its quote is exact, and its passage was in the prompt.

    Args:
        library: What was asked.
        answer: The document of `ask`.
        prompt: What the model read; None where the answer is of quotes, whose passages are those that were shown.
    """
    citations = {row["number"]: row for row in answer["citations"]}
    shown = {row["number"]: row for row in answer["passages"]}
    named = {int(n) for n in _MARK.findall(answer["answer"])} if not answer["refused"] else set()
    for number in sorted(named | set(citations) | {n for s in answer["sentences"] for n in s["citations"]}):
        row, passage = citations.get(number), shown.get(number)
        if row is None or passage is None:
            yield False, False
            continue
        exact = bool(row["quote"]) and library.text(row["path"])[row["start"] : row["end"]] == row["quote"]
        same = row["path"] == passage["path"] and row["quote"] in passage["text"]
        # A prompt has its white space in order: a quote over two lines stands there in one.
        yield exact, same and (prompt is None or _plain(passage["quote"]) in _plain(prompt))


def citations(libraries: Libraries) -> Iterator[Figure]:
    """Check the citations of all answers."""
    northwind, articles = libraries.northwind, libraries.squad
    for library, questions in ((northwind, northwind.questions), (articles, drawn(articles.questions))):
        for question in questions:
            library.quoted(question)
        checked = [c for answer in library.all_quoted() for c in cited(library, answer, None)]
        yield from _checked(f"{library.name}", "quotes", checked)
    answers = list(modelled(northwind))
    by_model = [a["composed_by"] == "model" for a, _ in answers]
    checked = [
        c for (a, p), own in zip(answers, by_model, strict=True) for c in cited(northwind, a, p if own else None)
    ]
    yield from _checked(northwind.name, f"{sum(by_model)} of {len(answers)} by the model", checked)


def _checked(name: str, how: str, checked: Sequence[tuple[bool, bool]]) -> Iterator[Figure]:
    exact, prompted = (statistics.fmean(column) for column in zip(*checked, strict=True))
    note = f"{len(checked)} citations, {how}"
    yield Figure(name, "quote is the slice of its file", exact, 1.0, note=note)
    yield Figure(name, "passage was in the prompt", prompted, 1.0, note=note)


def clicks(libraries: Libraries) -> Iterator[Figure]:
    """Click on cited places of the right page."""
    library = libraries.northwind
    places = [place for q in library.questions if (place := _gold_place(library, q)) is not None][:CLICKS]
    right = [_opens(library, place) for place in places]
    yield Figure(library.name, "click: right page, words marked", statistics.fmean(right), 0.98, note=f"{len(right)}")


def _gold_place(library: Library, question: Question) -> Json | None:
    """Give the first place of an answer that lies on an expected page: a citation, else a passage that is shown."""
    pages = {(str(library.root / s.path), s.page) for s in question.sources}
    answer = library.quoted(question) if pages else {"citations": [], "passages": []}
    rows: list[Json] = [*answer["citations"], *answer["passages"]]
    return next((row for row in rows if (row["path"], row["page"]) in pages), None)


def _opens(library: Library, place: Json) -> bool:
    """Click on a place, and on the next page where the quote goes on there; tell whether its words are marked."""
    quote = _letters(place["quote"])
    marked = ""
    pdf = pdfium.PdfDocument(place["path"])
    for page in (place["page"], place["page"] + 1):
        shown = library.view.handle(_click(place, page), Job())
        if shown["page"] != page or shown["stale"]:
            return False
        marked += _letters(boxed_letters(pdf[page - 1], shown["width"], shown["boxes"]))
        if marked == quote or page == len(pdf):
            break
    if marked != quote:
        print(f"  {Path(place['path']).name}, p. {place['page']}: {quote[:300]!r} is marked as {marked[:300]!r}")
    return marked == quote


def _letters(text: str) -> str:
    """Give the letters and digits of a text: a highlight marks words, and need not reach a full stop."""
    return "".join(filter(str.isalnum, text))


def _click(place: Json, page: int) -> View:
    names = ("path", "start", "end", "quote", "sha256")
    return View(id="click", page=page, width=WIDTH, **{name: place[name] for name in names})


def latency(libraries: Libraries) -> Iterator[Figure]:
    """Measure how long a search takes, and how soon the evidence is there."""
    library = libraries.reports
    asked = [q.question for q in library.questions]
    searcher = library.workspace.searcher()
    times = [searcher.search(words).milliseconds.total for words in [*asked[:WARM_UP], *asked]][WARM_UP:]
    searcher.close()
    yield Figure(library.name, "a search, p95", _p95(times), 30.0, at_most=True, unit="ms", note=_median(times))
    engine = Engine(library.workspace.paths.home)
    times = [_evidence_ms(engine, f"q{n}", words) for n, words in enumerate([*asked[:WARM_UP], *asked])][WARM_UP:]
    engine.close()
    yield Figure(library.name, "to the evidence, p95", _p95(times), 300.0, at_most=True, unit="ms", note=_median(times))


def _evidence_ms(engine: Engine, request: str, words: str) -> float:
    began = time.perf_counter()
    engine.send(type="ask", id=request, question=words, use_model=False)
    if engine.until(("evidence", *ENDS), request)["type"] != "evidence":
        raise RuntimeError(f"no evidence came for {request}")
    taken = time.perf_counter() - began
    engine.until(ENDS, request)
    return 1000 * taken


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _median(times: Sequence[float]) -> str:
    return f"median {statistics.median(times):.1f} ms, {len(times)} questions"


LINES: dict[str, Callable[[Libraries], Iterator[Figure]]] = {
    "refusals": refusals,
    "squad2": squad,
    "citations": citations,
    "clicks": clicks,
    "latency": latency,
}


def report(home: Path, data: Path, lines: Sequence[str]) -> list[Figure]:
    """Print the figures of the lines beside their bars, and give them."""
    libraries = Libraries(home, data)
    figures = []
    for name in lines:
        for figure in LINES[name](libraries):
            print(figure.line(), flush=True)
            figures.append(figure)
    libraries.close()
    return figures


def main() -> int:
    """Print every figure; gives 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    parser.add_argument("--line", action="append", choices=list(LINES), dest="lines")
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return 0
    figures = in_home(options.home, lambda home: report(home, options.data, options.lines or list(LINES)))
    return int(not all(figure.met for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
