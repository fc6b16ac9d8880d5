"""What the desks share: a job that can be stopped, and a stop that carries what there was."""

from __future__ import annotations

from studiolo import messages
from studiolo.answer_desk import AnswerDesk
from studiolo.desk import Cancelled, Desk, Job
from studiolo.index_desk import IndexDesk
from studiolo.view_desk import ViewDesk


def test_each_job_has_a_stop_of_its_own() -> None:
    one, other = Job(), Job()
    one.cancel.set()
    assert not other.cancel.is_set()


def test_a_job_that_nobody_listens_to_can_speak() -> None:
    said: list[messages.EngineEvent] = []
    event = messages.Token(request="1", text="word")
    Job().emit(event)
    Job(emit=said.append).emit(event)
    assert said == [event]


def test_a_stop_carries_what_there_was() -> None:
    assert Cancelled({"answer": "Ten"}).value == {"answer": "Ten"}
    assert Cancelled().value == {}


def test_every_desk_handles_requests_and_can_be_closed() -> None:
    """mypy checks the protocol; this names the three."""
    desks: list[type[Desk]] = [AnswerDesk, IndexDesk, ViewDesk]
    assert all(callable(desk.handle) and callable(desk.close) for desk in desks)
