"""One contract for every chat model and one for every embedder: the fakes keep it as the real ones do."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gguf_files import model_file, starter_gguf

from studiolo_models.embedding import load_embedder
from studiolo_models.errors import ModelMissing, PromptTooLong
from studiolo_models.fakes import FakeChat, FakeEmbedder
from studiolo_models.llama_chat import LlamaChat
from studiolo_models.protocols import ChatMessage, ChatModel, EmbeddingModel, GenerationOptions, GenerationStats
from studiolo_models.registry import Registry

PROMPT = [
    ChatMessage("system", "You tell long stories about gardens and rivers."),
    ChatMessage("user", "Tell me a story about a garden."),
]
OTHER = [PROMPT[0], ChatMessage("user", "Tell me a story about a river and a boat.")]
LONG = GenerationOptions(max_tokens=24)


@pytest.fixture(scope="module", params=["fake", pytest.param("starter", marks=pytest.mark.real_models)])
def chat(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    model: ChatModel = (
        FakeChat("Once upon a time there was a garden behind a wall, and a river ran through the garden. " * 9)
        if request.param == "fake"
        else LlamaChat(model_file(starter_gguf()), context_tokens=512)
    )
    yield model
    model.close()


@pytest.fixture(scope="module", params=["fake", pytest.param("starter", marks=pytest.mark.real_models)])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> EmbeddingModel:
    if request.param == "fake":
        return FakeEmbedder()
    bundled = Path(sys.prefix) / "share/studiolo/models"
    try:
        model = Registry(folder=tmp_path_factory.mktemp("none"), bundled=[bundled]).in_use("embedder")
    except ModelMissing:
        pytest.skip("the starter embedder is not compiled: make setup")
    return load_embedder(model, cache_folder=tmp_path_factory.mktemp("cache"))


def say(
    chat: ChatModel, messages: list[ChatMessage], options: GenerationOptions = LONG
) -> tuple[list[str], GenerationStats]:
    generation = chat.generate(messages, options=options, cancel=threading.Event())
    pieces = list(generation)
    assert generation.stats is not None
    return pieces, generation.stats


def test_a_chat_model_says_what_it_is(chat: ChatModel) -> None:
    assert chat.name
    assert len(chat.sha256) == 64
    assert chat.context_tokens >= 256
    assert chat.size_bytes >= 0


def test_an_answer_streams_in_pieces_and_is_counted(chat: ChatModel) -> None:
    pieces, stats = say(chat, PROMPT)
    assert len(pieces) > 5
    assert all(pieces)
    assert stats.finish == "length"
    assert stats.answer_tokens == LONG.max_tokens
    assert stats.prompt_tokens == chat.count_prompt(PROMPT)
    assert stats.first_token_s is not None
    assert 0 < stats.first_token_s <= stats.total_s


def test_the_same_prompt_gets_the_same_answer(chat: ChatModel) -> None:
    first = "".join(say(chat, PROMPT)[0])
    say(chat, OTHER)
    assert "".join(say(chat, PROMPT)[0]) == first


def test_a_second_turn_reuses_what_both_prompts_begin_with(chat: ChatModel) -> None:
    say(chat, PROMPT)
    stats = say(chat, OTHER)[1]
    assert 0 < stats.reused_tokens < stats.prompt_tokens
    again = say(chat, OTHER)[1]
    assert again.reused_tokens == again.prompt_tokens - 1


def test_a_cancel_before_the_first_token_ends_without_one(chat: ChatModel) -> None:
    cancel = threading.Event()
    cancel.set()
    generation = chat.generate(PROMPT, options=LONG, cancel=cancel)
    assert list(generation) == []
    assert generation.stats is not None
    assert (generation.stats.finish, generation.stats.answer_tokens) == ("cancelled", 0)


def test_a_cancel_within_an_answer_ends_it_without_an_exception(chat: ChatModel) -> None:
    cancel = threading.Event()
    generation = chat.generate(PROMPT, options=LONG, cancel=cancel)
    pieces = []
    for piece in generation:
        pieces.append(piece)
        cancel.set()
    assert 1 <= len(pieces) <= 2
    assert generation.stats is not None
    assert generation.stats.finish == "cancelled"


def test_a_cancelled_answer_leaves_the_next_one_whole(chat: ChatModel) -> None:
    whole = "".join(say(chat, PROMPT)[0])
    cancel = threading.Event()
    for _ in chat.generate(PROMPT, options=LONG, cancel=cancel):
        cancel.set()
    assert "".join(say(chat, PROMPT)[0]) == whole


def test_an_answer_that_nobody_reads_to_its_end_leaves_the_next_one_whole(chat: ChatModel) -> None:
    whole = "".join(say(chat, PROMPT)[0])
    generation = chat.generate(PROMPT, options=LONG, cancel=threading.Event())
    pieces = iter(generation)
    next(pieces)
    del pieces
    assert generation.stats is not None
    assert generation.stats.finish == "cancelled"
    assert "".join(say(chat, PROMPT)[0]) == whole


def test_a_stop_sequence_ends_an_answer_and_is_not_in_it(chat: ChatModel) -> None:
    whole = "".join(say(chat, PROMPT)[0])
    stop = whole[20:26]
    pieces, stats = say(chat, PROMPT, GenerationOptions(max_tokens=LONG.max_tokens, stop=(stop, "")))
    assert "".join(pieces).strip() == whole[: whole.index(stop)].strip()
    assert stats.finish == "stop"


def test_a_prompt_that_does_not_fit_is_refused(chat: ChatModel) -> None:
    too_long = [ChatMessage("user", "many words " * chat.context_tokens)]
    with pytest.raises(PromptTooLong):
        chat.generate(too_long, options=LONG, cancel=threading.Event())
    with pytest.raises(PromptTooLong):
        chat.generate(PROMPT, options=GenerationOptions(max_tokens=chat.context_tokens), cancel=threading.Event())


def test_more_text_is_more_tokens(chat: ChatModel) -> None:
    assert chat.count_tokens("") == 0
    assert 0 < chat.count_tokens("one") < chat.count_tokens("one and another one")
    assert chat.count_prompt(PROMPT) < chat.count_prompt([*PROMPT, *OTHER])


def test_detaching_what_is_not_attached_changes_nothing(chat: ChatModel) -> None:
    before = "".join(say(chat, PROMPT)[0])
    chat.attach_adapter(None)
    assert "".join(say(chat, PROMPT)[0]) == before


TEXTS = ["The cat sleeps on the warm roof.", "A cat on a roof.", "Quarterly tax returns are due in April.", "", "§ 14"]


def test_an_embedder_says_what_it_is(embedder: EmbeddingModel) -> None:
    assert embedder.name
    assert set(embedder.identity) <= set("0123456789abcdef")
    assert embedder.max_tokens >= 16


def test_vectors_have_length_one_and_the_order_of_their_texts(embedder: EmbeddingModel) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    backwards = embedder.embed_documents(TEXTS[::-1])
    assert np.allclose(vectors, backwards[::-1], atol=2e-2)


def test_no_texts_give_no_rows(embedder: EmbeddingModel) -> None:
    assert embedder.embed_documents([]).shape == (0, embedder.dimension)
    assert embedder.count_tokens([]) == []


def test_texts_with_common_words_are_nearer(embedder: EmbeddingModel) -> None:
    cat, roof, tax = embedder.embed_documents(TEXTS[:3])
    assert cat @ roof > cat @ tax
    query = embedder.embed_query("cat roof")
    assert query.shape == (embedder.dimension,)
    assert query @ cat > query @ tax


def test_tokens_are_counted_uncut(embedder: EmbeddingModel) -> None:
    short, long = embedder.count_tokens(["one", "one " * 5_000])
    assert short < embedder.max_tokens < long
    assert np.isfinite(embedder.embed_documents(["one " * 5_000])).all()
