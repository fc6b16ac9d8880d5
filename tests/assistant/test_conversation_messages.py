"""What is asked about conversations travels whole."""

from __future__ import annotations

import pytest

from studiolo.conversation_messages import (
    Conversation,
    Conversations,
    DeleteConversation,
    ExportConversation,
    Feedback,
    FeedbackExamples,
    PinConversation,
    RenameConversation,
)
from studiolo.messages import Ask, ProtocolError, Request, decode_request, encode


@pytest.mark.parametrize(
    "request_",
    [
        Conversations(id="1", words="Kündigung \U0001d11e", offset=3, limit=7),
        Conversation(id="1", conversation=2**40),
        RenameConversation(id="1", conversation=3, title=""),
        PinConversation(id="1", conversation=3, pinned=True),
        DeleteConversation(id="1", conversation=3),
        ExportConversation(id="1", conversation=3, format="html", path="/home/caf\udce9.html"),
        Feedback(id="1", entry=4, rating="up", correction="Twelve days.\nNot ten."),
        FeedbackExamples(id="1", offset=1),
        Ask(id="1", question="And then?", conversation=3),
    ],
    ids=lambda request: request.type,
)
def test_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    assert decode_request(encode(request_)) == request_


def test_nothing_said_of_an_answer_is_nothing() -> None:
    assert (Feedback(id="1", entry=4).rating, Feedback(id="1", entry=4).correction) == (None, "")


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"pin_conversation","id":"1","conversation":3,"pinned":1}',
        b'{"type":"delete_conversation","id":"1","conversation":"3"}',
        b'{"type":"delete_conversation","id":"1"}',
        b'{"type":"ask","id":"1","question":"x","conversation":true}',
    ],
)
def test_a_conversation_is_a_number_and_nothing_else(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_request(line)
