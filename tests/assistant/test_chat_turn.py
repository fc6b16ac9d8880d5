"""A model is asked, and what two tries cost is added up."""

from __future__ import annotations

from threading import Event

from studiolo.chat_turn import ChatTurn, together
from studiolo_models.fakes import FakeChat
from studiolo_models.protocols import ChatMessage, GenerationOptions, GenerationStats

ASKED = [ChatMessage("user", "How many days?")]


def test_an_answer_is_told_piece_by_piece_and_given_whole() -> None:
    said: list[str] = []
    text, stats = ChatTurn(FakeChat(" Ten days. "), GenerationOptions(), Event()).say(ASKED, said.append)
    assert (text, "".join(said).strip()) == ("Ten days.", "Ten days.")
    assert stats is not None
    assert stats.answer_tokens == 2


def test_a_prompt_that_leaves_no_room_for_its_answer_is_known_before() -> None:
    turn = ChatTurn(FakeChat(), GenerationOptions(max_tokens=2000), Event())
    assert turn.has_room(ASKED)
    assert not turn.has_room([ChatMessage("user", "day " * 49)])


def test_two_tries_cost_both_and_the_first_word_came_with_the_first() -> None:
    first = GenerationStats(100, 10, 20, 0.5, 2.0, "length")
    second = GenerationStats(150, 120, 30, 0.1, 1.0, "stop")
    assert together(first, second) == GenerationStats(250, 130, 50, 0.5, 3.0, "stop")
    assert together(first, None) is first
    assert together(None, second) is second
