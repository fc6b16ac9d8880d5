"""Flags what a document says to machines rather than to people (S7); pure.

It is indexed like any other text, and changes nothing: an answer triggers no action. But a person should know of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from studiolo_indexer.records import Document

_MOST = 5
_QUOTE_CHARS = 80
# Tag characters are seen by no one and read by every model; the flags of England and others are made of them.
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007e]+")
_BETWEEN = r"[^\w.!?]{1,5}(?:\w{1,30}[^\w.!?]{1,5}){0,4}?"  # some words of the same sentence
_ORDERS = re.compile(
    rf"""
      \b(?:ignore|disregard|forget|override|bypass){_BETWEEN}(?:instruction|prompt|directive|guideline)s?\b
    | \b(?:ignorier|vergiss|vergessen|missacht)\w{{0,3}}{_BETWEEN}(?:anweisung|vorgabe|instruktion)(?:e?n)?\b
    | \b(?:ignore|oublie|n[ée]glige)[zrs]?{_BETWEEN}(?:instructions|consignes)\b
    | \b(?:ignor|olvid|dimentic|esque[cç])\w{{1,4}}{_BETWEEN}(?:instrucciones|istruzioni|instruções)\b
    | \b(?:do\ not|don['’]t|never)\ (?:tell|inform|alert|warn)\ the\ (?:user|reader|human)\b
    | \bif\ you\ are\ an?\ (?:ai|llm|large\ language\ model|language\ model|assistant|chatbot)\b
    | <\|(?:im_start|im_end|system|assistant|user)\|?> | \[/?INST\] | <</?SYS>>
    """,
    re.IGNORECASE | re.VERBOSE,
)


def flagged(document: Document) -> Document:
    """Add warnings about characters that no one sees, and about words that give orders to a machine."""
    flags = (*_hidden(document), *_orders(document))
    return replace(document, warnings=(*flags, *document.warnings)) if flags else document


def _hidden(document: Document) -> Iterator[str]:
    if not document.text.isascii() and (found := _TAGS.search(document.text)):
        yield f"{_place(document, found.start())}hidden text: it holds characters that cannot be seen"


def _orders(document: Document) -> Iterator[str]:
    for number, found in enumerate(_ORDERS.finditer(document.text)):
        if number == _MOST:
            yield "more words that give orders to a machine"
            return
        quote = " ".join(found[0].split())[:_QUOTE_CHARS]
        yield f"{_place(document, found.start())}words that give orders to a machine: “{quote}”"


def _place(document: Document, at: int) -> str:
    """Name the part at an offset, where it has a name."""
    index = bisect_right(document.parts, at, key=lambda part: part.start) - 1
    if index < 0 or not document.parts[index].label:
        return ""
    part = document.parts[index]
    return f"{part.kind} {part.label[:60]}: "
