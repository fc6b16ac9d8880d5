"""What the engine may leave out when it says something."""

from __future__ import annotations

from studiolo.event_messages import Cancelled, Progress, Ready
from studiolo.messages import decode_event, encode
from studiolo.request_messages import PROTOCOL


def test_an_engine_that_is_ready_says_which_protocol_it_speaks() -> None:
    assert decode_event(encode(Ready(version="1"))) == Ready(protocol=PROTOCOL, version="1")


def test_what_is_not_known_of_the_progress_is_left_open() -> None:
    progress = decode_event(b'{"type":"progress","phase":"index"}')
    assert isinstance(progress, Progress)
    assert (progress.seconds_left, progress.chunks_per_second, progress.request) == (None, None, None)


def test_what_was_stopped_may_have_left_nothing() -> None:
    one, other = Cancelled(request="1"), Cancelled(request="2")
    assert one.value == {}
    assert one.value is not other.value
