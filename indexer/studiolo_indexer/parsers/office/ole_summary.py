"""What the old Office formats say of themselves: the stream SummaryInformation of an OLE2 container; pure.

Source: [MS-OLEPS], the published description of property sets.
"""

from __future__ import annotations

import codecs
from datetime import datetime, timedelta

SUMMARY_STREAM = "\x05summaryinformation"
SUMMARY_BYTES = 64 * 1024
_SECTION_AT = 44
_CODE_PAGE = 1
_NAMES = {2: "title", 3: "subject", 4: "author", 5: "keywords", 12: "created", 13: "modified"}
_BYTES, _WIDE, _TIME = 0x1E, 0x1F, 0x40
_LONGEST_BYTES = 2000


def summary(data: bytes) -> dict[str, str]:
    """Give title, author, subject, keywords, created, modified, as far as the stream says them; dates as ISO text."""
    start = _number(data, _SECTION_AT)
    places: dict[int, int] = {}
    for entry in range(min(_number(data, start + 4), 100)):
        at = start + 8 + 8 * entry
        places[_number(data, at)] = start + _number(data, at + 4)
    codec = _codec(_number(data, places[_CODE_PAGE] + 4) & 0xFFFF) if _CODE_PAGE in places else "cp1252"
    found = {name: _value(data, places[number], codec) for number, name in _NAMES.items() if number in places}
    return {name: text for name, text in found.items() if text}


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _value(data: bytes, at: int, codec: str) -> str:
    kind = _number(data, at) & 0xFFFF
    if kind in (_BYTES, _WIDE):
        size = min(_number(data, at + 4) * (2 if kind == _WIDE else 1), _LONGEST_BYTES)
        raw = data[at + 8 : at + 8 + size]
        text = raw.decode("utf-16-le" if kind == _WIDE else codec, "replace")
        return " ".join(text.partition("\0")[0].split())
    return _moment(int.from_bytes(data[at + 4 : at + 12], "little")) if kind == _TIME else ""


def _moment(ticks: int) -> str:
    """Write a time that is counted in tenths of microseconds from 1601 on."""
    if not ticks:
        return ""
    try:
        return (datetime(1601, 1, 1) + timedelta(seconds=ticks // 10_000_000)).isoformat() + "Z"
    except OverflowError:
        return ""


def _codec(code_page: int) -> str:
    name = {65001: "utf-8", 10000: "mac_roman", 1200: "utf-16-le"}.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
