"""One line is one message: what is none is refused, whatever it is."""

from __future__ import annotations

import pytest

from studiolo import messages
from studiolo.message_codec import MAX_LINE_BYTES, decode, encode
from studiolo.messages import Progress, ProtocolError, decode_event, decode_request


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
        decode_request(b" " * (MAX_LINE_BYTES + 1))


def test_only_what_is_known_is_read() -> None:
    line = encode(messages.Status(id="1"))
    assert decode(line, {"status": messages.Status}) == messages.Status(id="1")
    with pytest.raises(ProtocolError):
        decode(line, {"hello": messages.Hello})
