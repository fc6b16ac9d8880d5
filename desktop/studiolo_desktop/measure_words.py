"""Turns what was measured into words: names of measures, values with their bounds, causes, configurations; pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from studiolo.quantities import count
from studiolo_desktop.words import document_of, number_of, one_line, text_of

_MODES = {"vector": "by meaning alone", "text": "by words alone", "hybrid": "by both"}
_TITLES = {
    "page.hit@1": "Right page comes first",
    "page.hit@3": "Right page among the first 3 passages",
    "page.hit@5": "Right page among the first 5 passages",
    "page.hit@10": "Right page among the first 10 passages",
    "page.recall@5": "Of the right pages among the first 5",
    "page.recall@10": "Of the right pages among the first 10",
    "page.ndcg@10": "Order of the right pages (nDCG@10)",
    "page.mrr": "Rank of the right page (MRR)",
    "file.hit@1": "Right file comes first",
    "file.hit@3": "Right file among the first 3 passages",
    "file.hit@5": "Right file among the first 5 passages",
    "file.hit@10": "Right file among the first 10 passages",
    "file.recall@5": "Of the right files among the first 5",
    "file.recall@10": "Of the right files among the first 10",
    "file.ndcg@10": "Order of the right files (nDCG@10)",
    "file.mrr": "Rank of the right file (MRR)",
    "span.recall@5": "Of the expected words in the first 5 passages",
    "span.recall@10": "Of the expected words in the first 10 passages",
    "span.precision@5": "Of the first 5 passages that is expected",
    "span.precision@10": "Of the first 10 passages that is expected",
    "search_ms": "A search takes",
    "citation.precision": "Citations that point at a right source",
    "citation.recall": "Right sources that are cited",
    "refusal.precision": "Refusals that are right",
    "refusal.recall": "Unanswerable questions that are refused",
    "refusal.false": "Answerable questions that are refused (fewer is better)",
    "exact": "Answers in exactly the expected words",
    "f1": "Words shared with the expected answer (F1)",
    "support": "Support of the sentences by their passages",
    "answer_ms": "An answer takes",
    "first_token_ms": "Its first word takes",
}
HEADLINES = (
    "page.hit@5", "file.hit@5", "citation.recall", "citation.precision", "f1", "refusal.recall", "refusal.false",
    "support", "answer_ms",
)  # fmt: skip
"""The measures that are shown first."""
_DECIMAL = ("mrr", "ndcg@10", "f1", "support")
_VERDICTS = {
    "better": "better", "worse": "worse", "unclear": "unclear", "same": "the same", "unjudged": "not judged",
}  # fmt: skip
CAUSES = ("retrieval", "model", "form", "data", "unmeasured", "right")
"""The causes in the order in which they are shown: what needs a look first."""
_CAUSES = {
    "right": ("Right", ""),
    "retrieval": (
        "Not found",
        "The right passage was not among those that were found. Another embedder may find it, or the question's own "
        "words in the documents.",
    ),
    "model": (
        "Found, and not used",
        "The right passage was there, and the answer did not use it. Another model may, or fewer passages.",
    ),
    "form": ("Right, in another form", "The expected words are there in another shape. An adapter learns a shape."),
    "data": (
        "Not in the documents",
        "No document says it: look at the files that could not be read, or mend the question set.",
    ),
    "unmeasured": ("Not judged", "Neither a source nor an answer is expected."),
}


def title(key: str) -> str:
    """Name a measure; one of another mode than the main one says so, one that is not known stands as it is."""
    mode, _, name = key.rpartition(":")
    words = _TITLES.get(name, one_line(name, limit=60))
    return f"{words}, {_MODES.get(mode, one_line(mode, limit=20))}" if mode else words


def value_words(key: str, value: float) -> str:
    """Write a value: a share in percent, a mean of grades with two digits, a time in milliseconds or seconds."""
    return _joined(*_value(key, value))


def bounds_words(key: str, low: float, high: float) -> str:
    """Write a 95 % interval."""
    return _between(_value(key, low), _value(key, high))


def change_words(key: str, value: float, low: float, high: float) -> str:
    """Write a difference with its sign and its 95 % interval: a share in points of a hundred."""
    (number, unit), bounds = _change(key, value), [_change(key, bound)[0] for bound in (low, high)]
    return _joined(f"{number} ({bounds[0]} to {bounds[1]})", unit)


def _value(key: str, value: float) -> tuple[str, str]:
    """Give a value and its unit."""
    if not math.isfinite(value):
        return "unknown", ""
    if key.endswith("_ms"):
        return (f"{value / 1000:,.1f}", "s") if value >= 10_000 else (f"{value:,.0f}", "ms")
    return (f"{value:.2f}", "") if key.endswith(_DECIMAL) else (f"{value * 100:.0f}", "%")


def _change(key: str, value: float) -> tuple[str, str]:
    """Give a difference and its unit."""
    if not math.isfinite(value):
        return "unknown", ""
    if key.endswith("_ms"):
        number, unit = f"{value:+,.0f}", "ms"
    elif key.endswith(_DECIMAL):
        number, unit = f"{value:+.2f}", ""
    else:
        number, unit = f"{value * 100:+.0f}", "points"
    return number.replace("-", "−"), unit


def _joined(number: str, unit: str) -> str:
    return f"{number} {unit}".rstrip()


def _between(low: tuple[str, str], high: tuple[str, str]) -> str:
    first = low[0] if low[1] == high[1] else _joined(*low)
    return f"{first} to {_joined(*high)}"


def verdict_words(verdict: str) -> str:
    """Say how a difference is judged."""
    return _VERDICTS.get(verdict, one_line(verdict, limit=20))


def cause_words(cause: str) -> tuple[str, str]:
    """Name a cause, and say what it calls for."""
    return _CAUSES.get(cause, (one_line(cause, limit=40), ""))


def configuration_words(record: Mapping[str, object]) -> str:
    """Say how a run was made (its record is an untrusted document)."""
    about = document_of(record, "about")
    by = text_of(about, "answers_by")
    if by == "model":
        words = f"Answers by {one_line(text_of(about, 'model'), limit=60)}"
        if adapter := text_of(about, "adapter"):
            words += f" with {one_line(adapter, limit=60)} × {number_in(about, 'adapter_scale', 1.0):g}"
    else:
        words = {"quotes": "Quotes alone", "nobody": "Search alone"}.get(by, "Answers")
    if reranker := text_of(about, "reranker"):
        words += f", reranked by {one_line(reranker, limit=60)}"
    changed = "+".join(t for t in text_of(record, "name").split("+") if t.startswith(("mode:", "without:")))
    words += f", {one_line(changed, limit=60)}" if changed else ""
    return f"{words}, {count(number_of(about, 'k'), 'passage')} each"


def standing_words(record: Mapping[str, object]) -> str:
    """Say how many questions of a run are right."""
    diagnosis = document_of(record, "diagnosis")
    judged = sum(number_of(diagnosis, cause) for cause in CAUSES if cause != "unmeasured")
    if not judged:
        return "Nothing could be judged"
    return f"{number_of(diagnosis, 'right'):,} of {count(judged, 'question')} right"


def number_in(row: Mapping[str, object], name: str, otherwise: float = math.nan) -> float:
    """Give a number of an untrusted document, whole or not; `otherwise` if it is missing or none."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
