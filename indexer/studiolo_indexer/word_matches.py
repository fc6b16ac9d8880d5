"""Tells which words of a passage are those that were asked for, in any form that the full text takes for the same."""

from __future__ import annotations

from collections.abc import Iterator

from studiolo_indexer.find_query import TOKEN
from studiolo_indexer.full_text import index_words, query_words
from studiolo_indexer.word_splitting import split_for_index

_MOST = 400  # of a passage


class WordMatches:
    """The words of one query.

    Args:
        query: As it was asked; stop words count only where there are no others.
    """

    def __init__(self, query: str) -> None:
        self._forms = frozenset(query_words(query))
        self._known: dict[str, bool] = {}

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give the half-open spans of a text, in code points, that hold such words: rising, apart from each other."""
        found: list[tuple[int, int]] = []
        if not self._forms:
            return found
        for token in TOKEN.finditer(text):
            for start, end in self._in_token(token.group(), token.start()):
                if found and start <= found[-1][1]:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((start, end))
        return found[:_MOST]

    def _in_token(self, token: str, at: int) -> Iterator[tuple[int, int]]:
        """Give the token; in scripts without spaces its pairs of letters, which the full text has as words."""
        if not self._is_asked(token):
            return
        if " " not in split_for_index(token):
            yield at, at + len(token)
            return
        for first in range(max(1, len(token) - 1)):
            if self._is_asked(token[first : first + 2]):
                yield at + first, at + min(len(token), first + 2)

    def _is_asked(self, token: str) -> bool:
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = not self._forms.isdisjoint(index_words(token))
        return known
