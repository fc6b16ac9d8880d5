"""What is asked about settings, models, styles and what is stored travels whole."""

from __future__ import annotations

import pytest

from studiolo.messages import ProtocolError, Request, decode_request, encode
from studiolo.upkeep_messages import AddModel, AddStyle, ChangeSetting, CheckModel, Purge, UseStyle


@pytest.mark.parametrize(
    "request_",
    [
        *(ChangeSetting(id="1", name="x", value=value) for value in ("full", True, 3, 0.5, None)),
        CheckModel(id="1", path="/home/caf\udce9.gguf"),
        AddModel(id="1", path="/m.gguf", name="mine", use=True),
        AddStyle(id="1", name="memo", style={"max_words": 9, "required": ["Decision"]}, replace=True),
        UseStyle(id="1", name="", collection="hr"),
        Purge(id="1", place="history"),
    ],
    ids=lambda request: request.type,
)
def test_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    again = decode_request(encode(request_))
    assert again == request_
    if isinstance(again, ChangeSetting) and isinstance(request_, ChangeSetting):
        assert type(again.value) is type(request_.value)  # true is no 1, and 3 no 3.0


@pytest.mark.parametrize("line", [b'{"type":"change_setting","id":"1","name":"x","value":[1]}',
                                  b'{"type":"add_style","id":"1","name":"x","style":"y"}'])  # fmt: skip
def test_a_value_of_another_type_is_no_message(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_request(line)
