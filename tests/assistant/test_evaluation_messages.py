"""What is asked about question sets, runs and adapters travels whole."""

from __future__ import annotations

import pytest

from studiolo.evaluation_messages import (
    Adapters,
    AddQuestionSet,
    CompareEvaluations,
    DecideQuestion,
    DeleteEvaluation,
    DraftQuestions,
    Evaluate,
    Evaluation,
    Evaluations,
    ForgetQuestionSet,
    QuestionSet,
    QuestionSets,
    UseAdapter,
)
from studiolo.messages import ProtocolError, Request, decode_request, encode


@pytest.mark.parametrize(
    "request_",
    [
        QuestionSets(id="1"),
        AddQuestionSet(id="1", path="/home/caf\udce9.jsonl"),
        ForgetQuestionSet(id="1", path="/a.jsonl"),
        QuestionSet(id="1", path="/a.jsonl"),
        DraftQuestions(id="1", path="/a.jsonl", count=7, collections=("hr", "it"), seed=3, use_model=False),
        DecideQuestion(id="1", path="/a.jsonl", entry="d1", decision="keep", question="Who?", answer="Ada.\nBob."),
        Evaluate(id="1", path="/a.jsonl", configuration="no-model+k:8", collections=("hr",), k=4, limit=9),
        Evaluations(id="1"),
        Evaluation(id="1", run="0" * 16),
        DeleteEvaluation(id="1", run="0" * 16),
        CompareEvaluations(id="1", before="0" * 16, after="1" * 16),
        Adapters(id="1"),
        UseAdapter(id="1", name="letters", scale=0.5),
    ],
    ids=lambda request: request.type,
)
def test_a_request_survives_the_wire(request_: Request) -> None:
    assert decode_request(encode(request_)) == request_


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"evaluate","id":"1"}',
        b'{"type":"evaluate","id":"1","path":"/a","limit":"all"}',
        b'{"type":"use_adapter","id":"1","scale":"much"}',
        b'{"type":"decide_question","id":"1","path":"/a","entry":1,"decision":"keep"}',
    ],
)
def test_a_request_that_is_not_whole_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_request(line)


def test_a_scale_may_be_a_whole_number() -> None:
    request = decode_request(b'{"type":"use_adapter","id":"1","name":"letters","scale":1}')
    assert isinstance(request, UseAdapter)
    assert request.scale == 1.0
