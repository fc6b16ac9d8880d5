"""The JSON-lines protocol: what is written is what is read, and what is no message is refused."""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo import messages
from studiolo.messages import Ask, EngineEvent, Evidence, ProtocolError, Request, decode_event, decode_request, encode


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


@pytest.mark.parametrize("module", ["request_messages", "conversation_messages", "event_messages"])
def test_every_message_of_every_module_can_be_had_from_here(module: str) -> None:
    kinds = vars(importlib.import_module(f"studiolo.{module}")).values()
    known = (*messages.REQUESTS.values(), *messages.EVENTS.values())
    made = {k for k in kinds if isinstance(k, type) and issubclass(k, Request | EngineEvent)} - {Request, EngineEvent}
    assert made
    assert all(kind in known and getattr(messages, kind.__name__) is kind for kind in made)


def test_an_event_is_no_request_and_a_request_no_event() -> None:
    with pytest.raises(ProtocolError):
        decode_request(b'{"type":"result","request":"1","value":{}}')
    with pytest.raises(ProtocolError):
        decode_event(encode(messages.Status(id="1")))


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
