"""The JSON-lines protocol: what is written is what is read, and what is no message is refused."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo import messages
from studiolo.messages import Ask, Evidence, Progress, ProtocolError, decode_event, decode_request, encode


def test_every_request_and_event_has_its_own_type_word() -> None:
    words = [*messages.REQUESTS, *messages.EVENTS]
    assert "" not in words
    assert len(words) == len(set(words))


@given(question=st.text(), collections=st.lists(st.text(), max_size=4), k=st.integers(0, 1000))
def test_a_request_survives_the_wire(question: str, collections: list[str], k: int) -> None:
    request = Ask(id="1", question=question, collections=tuple(collections), k=k)
    line = encode(request)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request


def test_a_lone_surrogate_survives_the_wire() -> None:
    request = messages.Text(id="1", path="/docs/caf\udce9.txt")
    assert decode_request(encode(request)) == request


def test_an_event_with_passages_survives_the_wire() -> None:
    event = Evidence(request="1", passages=({"number": 1, "quote": "ten days"},))
    assert decode_event(encode(event)) == event


def test_a_whole_number_is_taken_where_a_fraction_is_expected() -> None:
    event = decode_event(b'{"type":"progress","phase":"index","seconds_left":3}')
    assert isinstance(event, Progress)
    assert event.seconds_left == 3.0


def test_a_field_of_a_newer_version_is_ignored() -> None:
    assert decode_request(b'{"type":"status","id":"7","colour":"green"}') == messages.Status(id="7")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"type":"fly","id":"1"}',
        b'{"type":["ask"],"id":"1"}',
        b'{"type":"ask","id":"1"}',
        b'{"type":"ask","id":1,"question":"x"}',
        b'{"type":"ask","id":"1","question":"x","k":true}',
        b'{"type":"ask","id":"1","question":"x","k":1.5}',
        b'{"type":"ask","id":"1","question":"x","collections":"hr"}',
        b'{"type":"ask","id":"1","question":"x","collections":[1]}',
        b'{"type":"ask","id":"1","question":"x","model":7}',
        b"[" * 100_000,
        b'{"type":"result","request":"1","value":{}}',
    ],
)
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_request(line)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(ProtocolError):
        decode_request(b" " * (messages.MAX_LINE_BYTES + 1))


def test_every_message_is_frozen_and_says_what_it_is_for() -> None:
    for kind in [*messages.REQUESTS.values(), *messages.EVENTS.values()]:
        assert dataclasses.is_dataclass(kind)
        assert (kind.__doc__ or "").strip()
    with pytest.raises(dataclasses.FrozenInstanceError):
        messages.Status(id="1").id = "2"  # type: ignore[misc]  # the point of the test


def test_the_first_field_on_the_wire_is_the_type() -> None:
    assert next(iter(json.loads(encode(messages.Status(id="1"))))) == "type"


def test_the_page_of_the_protocol_names_every_message_and_every_field() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*)$", page, re.MULTILINE))
    known: dict[str, type[messages.Request] | type[messages.EngineEvent]] = {**messages.REQUESTS, **messages.EVENTS}
    assert set(rows) == set(known)
    for name, kind in known.items():
        fields = {f.name for f in dataclasses.fields(kind)} - {"id"}
        assert [f for f in fields if f"`{f}" not in rows[name]] == []
