"""Says what was understood of the filters in a query: in results, in a notice, in lines for people; light to import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studiolo.desk import Job, Json
from studiolo.errors import AssistantError, report
from studiolo.messages import Notice
from studiolo.quantities import count
from studiolo_indexer.query_filters import Filter, ReadQuery


def filters_row(read: ReadQuery, *, documents: int | None, mailboxes_left_out: int = 0) -> Json:
    """Give the `filters` of a result.

    Args:
        read: The query taken apart.
        documents: How many pass; None where there is no filter.
        mailboxes_left_out: How many mailboxes do not, because they have no one sender.
    """
    return {
        "words": read.words,
        "understood": filter_rows(read.filters),
        "not_understood": list(read.not_understood),
        "documents": documents,
        "mailboxes_left_out": mailboxes_left_out,
    }


def filter_rows(filters: Sequence[Filter]) -> list[Json]:
    """Give filters as documents."""
    return [{"filter": f.kind, "value": f.value, "negated": f.negated} for f in filters]


def tell_not_understood(read: ReadQuery, job: Job) -> None:
    """Tell the window what looks like a filter and filters nothing: nobody should search everything unawares."""
    if read.not_understood:
        error = AssistantError("question.not_a_filter", " ".join(read.not_understood))
        job.emit(Notice(error=report(error).as_dict()))


def filter_lines(filters: Json) -> Iterator[str]:
    """Give what people should know of the filters; nothing where there are none."""
    if filters["understood"]:
        written = " ".join(_written(Filter(f["filter"], f["value"], f["negated"])) for f in filters["understood"])
        yield f"{_how_many(filters['documents'] or 0)}: {written}"
    if n := filters["mailboxes_left_out"]:
        yield f"{n:,} {'mailbox' if n == 1 else 'mailboxes'} left out: from: looks at single mails."
    if filters["not_understood"]:
        yield f"Looked for as words, and filtering nothing: {' '.join(filters['not_understood'])}"


def _how_many(documents: int) -> str:
    if not documents:
        return "No document passes"
    return f"{count(documents, 'document')} {'passes' if documents == 1 else 'pass'}"


def _written(wanted: Filter) -> str:
    value = f'"{wanted.value}"' if " " in wanted.value else wanted.value
    return f"{'-' if wanted.negated else ''}{wanted.kind}:{value}"
