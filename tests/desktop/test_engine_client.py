"""The engine's process as the window lives with it: it crashes, hangs, floods, talks nonsense, and will not end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from scripted_window import ENGINE, LIMIT_MS, MakeClient, Probe, requests_in, scripted_command

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop import engine_client
from studiolo_desktop.engine_client import EngineClient, Exchange, Patience

FULL = {"code": "store.full", "message": "The disk is full; indexing has stopped.", "hint": "Free some space."}
LOCKED = {"code": "store.locked", "message": "Another Studiolo is using this data folder.", "hint": "Close the app."}


class Outcome(QObject):
    """What came back for one request, in its order."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.events: list[str] = []
        self.error: ErrorReport | None = None
        self.value: object = None
        self.tokens: list[str] = []
        exchange.evidence.connect(self._evidence)
        exchange.token.connect(self._token)
        exchange.done.connect(self._done)
        exchange.failed.connect(self._failed)
        exchange.cancelled.connect(self._cancelled)

    def _evidence(self, passages: object) -> None:
        self.events.append("evidence")

    def _token(self, text: str) -> None:
        if not self.tokens:
            self.events.append("token")
        self.tokens.append(text)

    def _done(self, request: object, value: object) -> None:
        self.events.append("done")
        self.value = value

    def _failed(self, request: object, error: ErrorReport) -> None:
        self.events.append("failed")
        self.error = error

    def _cancelled(self, request: object, value: object) -> None:
        self.events.append("cancelled")

    @property
    def ended(self) -> bool:
        return bool({"done", "failed", "cancelled"} & set(self.events))


class Heard(QObject):
    """What a client said, in its order."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self.states: list[str] = []
        self.notices: list[ErrorReport] = []
        self.crashes: list[ErrorReport] = []
        self.greetings = 0
        self.closed = 0
        client.state_changed.connect(self.states.append)
        client.notice.connect(self.notices.append)
        client.crashed.connect(self.crashes.append)
        client.greeted.connect(self._greeted)
        client.closed.connect(self._closed)

    def _greeted(self, hello: object) -> None:
        self.greetings += 1

    def _closed(self) -> None:
        self.closed += 1

    def codes(self) -> list[str]:
        return [notice.code for notice in self.notices]


Wait = Callable[[Callable[[], object]], None]


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    """Wait until something is so."""
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=LIMIT_MS)


def running(client: EngineClient, wait: Wait) -> EngineClient:
    """Start an engine and wait until it is ready."""
    client.start()
    wait(lambda: client.state == "ready")
    return client


def ask(client: EngineClient, question: str = "How much?") -> Outcome:
    return Outcome(client.send(messages.Ask(id=client.new_id(), question=question)))


def status(client: EngineClient) -> Outcome:
    return Outcome(client.send(messages.Status(id=client.new_id())))


def test_an_engine_that_starts_says_hello_and_is_told_to_watch(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client()
    heard = Heard(client)
    client.start()
    wait(lambda: heard.greetings)
    wait(lambda: requests_in(tmp_path, "watch"))  # written down by the engine, perhaps after its greeting has come
    assert heard.states == ["starting", "ready"]
    assert [len(requests_in(tmp_path, kind)) for kind in ("hello", "watch")] == [1, 1]


def test_a_request_made_before_the_engine_runs_is_delivered_once(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client()
    client.start()
    outcome = status(client)
    wait(lambda: outcome.ended)
    assert outcome.events == ["done"]
    assert len(requests_in(tmp_path, "status")) == 1


def test_a_request_to_an_engine_that_was_never_started_fails_and_only_after_the_caller_has_listened(
    make_client: MakeClient, wait: Wait
) -> None:
    outcome = status(make_client())
    assert not outcome.ended
    wait(lambda: outcome.ended)
    assert outcome.error is not None
    assert outcome.error.code == "engine.crashed"


def test_evidence_comes_before_the_tokens_and_the_tokens_make_the_answer(make_client: MakeClient, wait: Wait) -> None:
    outcome = ask(running(make_client(tokens=["one ", "two ", "three"]), wait))
    wait(lambda: outcome.ended)
    assert outcome.events == ["evidence", "token", "done"]
    assert "".join(outcome.tokens) == "one two three"


def test_a_request_that_the_engine_refuses_fails_with_the_engines_words(make_client: MakeClient, wait: Wait) -> None:
    outcome = status(running(make_client(fail={"status": FULL}), wait))
    wait(lambda: outcome.ended)
    assert outcome.error == ErrorReport(**FULL)


def test_a_watch_that_fails_is_said_although_nobody_asked_for_it(make_client: MakeClient, wait: Wait) -> None:
    client = make_client(fail={"watch": FULL})
    heard = Heard(client)
    running(client, wait)
    wait(lambda: heard.notices)
    assert heard.codes() == ["store.full"]


def test_an_engine_of_another_version_is_said_and_still_used(
    make_client: MakeClient, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PROTOCOL", messages.PROTOCOL + 1)
    client = make_client()
    heard = Heard(client)
    running(client, wait)
    assert heard.codes() == ["protocol.error"]


@pytest.mark.logs("the engine ended")
def test_a_crash_fails_what_was_asked_says_so_and_starts_the_engine_again(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(crash_on="ask", crash_once=str(tmp_path / "crashed"), stderr="a native library gave up")
    heard = Heard(client)
    running(client, wait)
    first, second = ask(client), status(client)
    wait(lambda: client.state == "ready" and heard.greetings == 2)
    assert [o.error.code for o in (first, second) if o.error] == ["engine.crashed"] * 2
    assert [error.code for error in heard.crashes] == ["engine.crashed"]
    assert heard.states == ["starting", "ready", "restarting", "ready"]
    again = ask(client)
    wait(lambda: again.ended)
    assert again.events == ["evidence", "token", "done"]
    assert len(requests_in(tmp_path, "watch")) == 2  # the index is brought up to date again


@pytest.mark.logs("the engine ended")
def test_a_request_made_while_the_engine_is_being_started_again_is_delivered(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = running(make_client(crash_on="ask", crash_once=str(tmp_path / "crashed")), wait)
    ask(client)
    wait(lambda: client.state == "restarting")
    outcome = status(client)
    wait(lambda: outcome.ended)
    assert outcome.events == ["done"]


@pytest.mark.logs("the engine ended")
def test_three_crashes_within_a_minute_are_enough_and_what_was_said_is_kept(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(crash_on="hello", stderr="a native library gave up")
    heard = Heard(client)
    client.start()
    wait(lambda: client.state == "failed")
    assert len(requests_in(tmp_path, "hello")) == 3
    assert len(heard.crashes) == 2  # the third is the failure
    assert client.last_error is not None
    assert client.last_error.code == "engine.crashed"
    assert "a native library gave up" in client.stderr_tail
    late = status(client)
    wait(lambda: late.ended)
    assert late.error == client.last_error
    assert client.pid() == 0


@pytest.mark.logs("the engine ended")
def test_a_failed_engine_runs_again_when_the_user_asks_for_another_try(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(crash_on="hello")
    client.start()
    wait(lambda: client.state == "failed")
    scripted_command(tmp_path)  # whatever was wrong has been mended
    outcome = ask(running(client, wait))
    wait(lambda: outcome.ended)
    assert outcome.events == ["evidence", "token", "done"]


@pytest.mark.logs("the engine ended")
def test_an_engine_that_says_why_it_cannot_run_here_is_not_started_again(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(notice_on={"start": [LOCKED]}, exit_code=3)
    heard = Heard(client)
    client.start()
    wait(lambda: client.state == "failed")
    assert client.last_error == ErrorReport(**LOCKED)
    assert heard.states == ["starting", "failed"]
    assert heard.crashes == []


@pytest.mark.logs("the engine ended")
def test_an_engine_that_ends_without_a_word_is_tried_three_times(make_client: MakeClient, wait: Wait) -> None:
    client = make_client(exit_code=3)
    heard = Heard(client)
    client.start()
    wait(lambda: client.state == "failed")
    assert client.last_error is not None
    assert client.last_error.code == "engine.crashed"
    assert heard.states.count("restarting") == 1  # it stays so until it is ready or left alone
    assert len(heard.crashes) == 2


@pytest.mark.logs("the engine ended")
def test_what_an_earlier_engine_said_is_not_taken_for_the_reason_of_a_later_failure(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(notice_on={"start": [FULL]}, crash_on="ask")
    running(client, wait)
    scripted_command(tmp_path, exit_code=3)
    ask(client)
    wait(lambda: client.state == "failed")
    assert client.last_error is not None
    assert client.last_error.code == "engine.crashed"


@pytest.mark.logs("cannot be started")
def test_a_program_that_cannot_be_started_fails_at_once_and_its_requests_with_it(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(command=[str(tmp_path / "no-such-program")])
    heard = Heard(client)
    client.start()
    outcome = status(client)
    wait(lambda: client.state == "failed" and outcome.ended)
    assert client.stderr_tail
    assert heard.crashes == []


def test_a_stopped_request_is_confirmed_and_the_engine_lives_on(make_client: MakeClient, wait: Wait) -> None:
    client = running(make_client(hang_tokens=True), wait)
    pid = client.pid()
    outcome = ask(client)
    wait(lambda: outcome.tokens)
    client.stop(next(iter(client._exchanges)))
    wait(lambda: outcome.ended)
    assert outcome.events == ["evidence", "token", "cancelled"]
    after = status(client)
    wait(lambda: after.ended)
    assert client.pid() == pid


@pytest.mark.logs("did not confirm a stop", "the engine ended")
@pytest.mark.parametrize("silent_on", [["cancel"], ["ask"]], ids=["never-acknowledged", "acknowledged-but-never-ended"])
def test_an_engine_that_does_not_stop_is_killed_and_started_again_and_nobody_calls_it_a_crash(
    make_client: MakeClient, wait: Wait, silent_on: list[str]
) -> None:
    patience = Patience(acknowledge_ms=150, end_ms=300)
    client = make_client(hang_tokens=True, silent_on=silent_on, patience=patience)
    heard = Heard(client)
    running(client, wait)
    pid = client.pid()
    exchange = client.send(messages.Ask(id=client.new_id(), question="How much?"))
    outcome = Outcome(exchange)
    client.stop(exchange.request.id)
    wait(lambda: heard.greetings == 2)
    assert outcome.events[-1] == "cancelled"
    assert client.pid() != pid
    assert not psutil.pid_exists(pid)
    assert heard.crashes == []


def test_a_request_stopped_before_it_was_sent_never_reaches_the_engine(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client()
    client.start()
    exchange = client.send(messages.Ask(id=client.new_id(), question="How much?"))
    outcome = Outcome(exchange)
    client.stop(exchange.request.id)
    assert outcome.events == ["cancelled"]
    after = status(client)
    wait(lambda: after.ended)
    assert requests_in(tmp_path, "ask") == requests_in(tmp_path, "cancel") == []


def test_stopping_what_has_ended_is_no_error(make_client: MakeClient, wait: Wait, tmp_path: Path) -> None:
    client = running(make_client(), wait)
    client.stop("w999")
    after = status(client)
    wait(lambda: after.ended)
    assert requests_in(tmp_path, "cancel") == []


@pytest.mark.logs("bad line from the engine")
def test_lines_that_are_no_messages_are_said_and_survived(make_client: MakeClient, wait: Wait) -> None:
    client = make_client(bad_line_on="status")
    heard = Heard(client)
    outcome = status(running(client, wait))
    wait(lambda: outcome.ended)
    assert outcome.events == ["done"]
    assert heard.codes() == ["protocol.error", "protocol.error"]
    assert client.state == "ready"


def test_a_flood_of_tokens_leaves_the_event_loop_awake(
    make_client: MakeClient, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_client, "_TURN_S", -1.0)  # over after one line
    flood = 12_000
    client = running(make_client(flood=flood, tokens=[]), wait)
    outcome = ask(client)
    *_, exchange = client._exchanges.values()  # a greeting may still be under way
    probe = Probe(exchange)
    wait(lambda: outcome.ended)
    assert len(outcome.tokens) == flood
    probe.assert_awake(flood)


@pytest.mark.logs("faster than can be read", "the engine ended")
def test_an_engine_gone_wild_is_ended_like_one_that_crashed(
    make_client: MakeClient, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_client, "_MAX_WAITING_BYTES", 50_000)
    client = make_client(flood=200_000)
    heard = Heard(client)
    running(client, wait)
    outcome = ask(client)
    wait(lambda: heard.crashes)
    assert outcome.error is not None
    assert outcome.error.code == "engine.crashed"
    wait(lambda: heard.greetings == 2)


def test_an_engine_that_is_asked_to_end_ends_and_closed_is_said_once(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client()
    heard = Heard(client)
    running(client, wait)
    client.shutdown()
    client.shutdown()
    wait(lambda: heard.closed)
    assert client.pid() == 0
    assert (heard.closed, heard.states[-1]) == (1, "closing")
    assert len(requests_in(tmp_path, "shutdown")) == 1


def test_an_engine_that_ignores_the_request_to_end_is_terminated(make_client: MakeClient, wait: Wait) -> None:
    client = make_client(ignore_shutdown=True, patience=Patience(shutdown_ms=150, terminate_ms=60_000))
    heard = Heard(client)
    pid = running(client, wait).pid()
    client.shutdown()
    wait(lambda: heard.closed)
    assert not psutil.pid_exists(pid)


def test_an_engine_that_ignores_even_that_is_killed(make_client: MakeClient, wait: Wait, tmp_path: Path) -> None:
    deaf = (
        "import runpy, signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    script = scripted_command(tmp_path, ignore_shutdown=True)
    command = [sys.executable, "-c", deaf, str(ENGINE), *script[2:]]
    client = make_client(command=command, patience=Patience(shutdown_ms=100, terminate_ms=150))
    heard = Heard(client)
    pid = running(client, wait).pid()
    began = time.monotonic()
    client.shutdown()
    wait(lambda: heard.closed)
    assert time.monotonic() - began > 0.2  # both waits, which Qt may shorten a little
    assert not psutil.pid_exists(pid)


@pytest.mark.logs("the engine ended")
def test_a_shutdown_between_a_crash_and_the_next_start_starts_nothing(
    make_client: MakeClient, wait: Wait, tmp_path: Path
) -> None:
    client = make_client(crash_on="ask")
    heard = Heard(client)
    running(client, wait)
    ask(client)
    wait(lambda: client.state == "restarting" and client.pid() == 0)
    client.shutdown()
    assert heard.closed == 1
    late = status(client)
    wait(lambda: late.ended)
    assert late.events == ["failed"]
    assert len(requests_in(tmp_path, "hello")) == 1


def test_a_request_in_flight_when_the_window_closes_ends(make_client: MakeClient, wait: Wait) -> None:
    client = running(make_client(silent_on=["status"]), wait)
    outcome = status(client)
    client.shutdown()
    wait(lambda: outcome.ended)
    assert outcome.events == ["failed"]
