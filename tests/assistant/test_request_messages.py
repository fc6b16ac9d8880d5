"""What a client may leave out means the same for every client."""

from __future__ import annotations

from studiolo.request_messages import PROTOCOL, Ask, Files, Hello, Search


def test_a_question_without_more_is_asked_of_the_documents_and_begins_a_conversation() -> None:
    asked = Ask(id="1", question="How many days?")
    assert (asked.collections, asked.earlier, asked.conversation, asked.use_model) == (("documents",), (), None, True)


def test_a_search_without_more_goes_both_ways() -> None:
    assert (Search(id="1", query="leave").mode, Search(id="1", query="leave").k) == ("hybrid", 10)


def test_the_ledger_comes_in_slices() -> None:
    assert (Files(id="1").offset, Files(id="1").limit) == (0, 500)


def test_a_greeting_says_which_protocol_is_spoken() -> None:
    assert Hello(id="1").protocol == PROTOCOL
