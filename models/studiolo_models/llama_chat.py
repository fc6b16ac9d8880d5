"""A GGUF chat model on llama.cpp: streaming, hard cancel, prefix reuse, adapters; over the C interface.

llama-cpp-python's own `Llama` is not used: on load it compiles every chat template of the file in this process (in
the sandboxed environment, but without bounds), and its sampling loop is the slower one (benchmarks/chat_rate.py
compares both in one run).
"""

from __future__ import annotations

import codecs
import ctypes
import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import llama_cpp as ll
import numpy as np
from numpy.typing import NDArray

from studiolo_models.chat_template import WORKER, ChatTemplate
from studiolo_models.errors import (
    ModelDamaged,
    ModelLoadFailed,
    ModelUnsupported,
    PromptTooLong,
    WrongLoraBase,
)
from studiolo_models.gguf import SHORTEST_CONTEXT, GgufHeader, check_adapter_fits, read_header, why_not_chat
from studiolo_models.hardware import fits, has_gpu_offload, memory_bytes, usable_cores
from studiolo_models.protocols import ChatMessage, GenerationOptions, GenerationStats, ModelFile

log = logging.getLogger(__name__)

_BATCH = 512
_GPU_UBATCH = 128
_PENALTY_WINDOW = 64
_CANCEL_LOOK_S = 0.02
_ABORTED = 2
_LONGEST_PIECE = 512


@ll.llama_log_callback  # type: ignore[untyped-decorator]  # llama_cpp is untyped
def _quiet(level: int, text: bytes, user_data: object) -> None:
    """Keep llama.cpp's lines out of every output but the log; they describe models, never prompts."""
    if log.isEnabledFor(logging.DEBUG):
        log.debug("llama.cpp: %s", text.decode("utf-8", "replace").rstrip())


class LlamaChat:
    """One loaded model with its context; owned by one thread.

    Args:
        model: The registered GGUF file.
        context_tokens: Size of the context; bounded by what the model was trained for, at least 256.
        threads: Processor threads, or None for the physical cores.
        gpu: Put all layers on a GPU where llama.cpp was built with one.
        template_command: What starts the process that renders the chat template.

    Raises (on construction):
        ModelFileGone, ModelDamaged: If the header is not sound (llama.cpp never sees such a file), or its template.
        ModelUnsupported: If the file is an adapter, or of another kind that generates no text.
        ModelLoadFailed: If llama.cpp refuses it.
    """

    def __init__(
        self,
        model: ModelFile,
        *,
        context_tokens: int = 2048,
        threads: int | None = None,
        gpu: bool = True,
        template_command: Sequence[str] = WORKER,
    ) -> None:
        header = read_header(model.path)
        if reason := why_not_chat(header):
            raise ModelUnsupported(f"{model.name}: {reason}")
        fit = fits(
            model_bytes=model.path.stat().st_size,
            context_tokens=min(context_tokens, header.context_length or context_tokens),
            bytes_per_token=header.cache_bytes_per_token,
            available=memory_bytes(),
        )
        if not fit.fits:
            needed, there = fit.needed_bytes / 2**30, fit.available_bytes / 2**30
            raise ModelLoadFailed(f"{model.name} needs {needed:.1f} GiB of memory, this machine has {there:.1f}")
        self._model_file = model
        self._header: GgufHeader = header
        self._cached: list[int] = []
        self._adapter: Any = None  # Any: a C pointer
        # Read by llama.cpp between two steps of a computation; see `abort_while`.
        self._abort_flag = ctypes.create_string_buffer(2)
        ll.llama_log_set(_quiet, ctypes.c_void_p())
        ll.llama_backend_init()
        on_gpu = gpu and has_gpu_offload()
        with ExitStack() as stack:  # frees what was loaded when a later step fails
            self._model = self._load(stack, on_gpu)
            self._ctx = self._open(stack, context_tokens, threads or usable_cores(), on_gpu)
            self._vocab = ll.llama_model_get_vocab(self._model)
            self._template = self._read_template(template_command)
            self._stack = stack.pop_all()
        self._n_ctx = int(ll.llama_n_ctx(self._ctx))
        self._n_vocab = int(ll.llama_vocab_n_tokens(self._vocab))
        self._memory = ll.llama_get_memory(self._ctx)
        self._closed = False

    @property
    def name(self) -> str:
        """The registered name."""
        return self._model_file.name

    @property
    def sha256(self) -> str:
        """SHA-256 of the GGUF file."""
        return self._model_file.sha256

    @property
    def size_bytes(self) -> int:
        """Size of the GGUF file."""
        return self._model_file.size_bytes

    @property
    def context_tokens(self) -> int:
        """Size of the context in tokens."""
        return self._n_ctx

    def count_tokens(self, text: str) -> int:
        """Tokens of a plain text, without special tokens."""
        return len(self._tokenize(text, special=False))

    def count_prompt(self, messages: Sequence[ChatMessage]) -> int:
        """Tokens of the prompt that the chat template makes of these messages."""
        return len(self.prompt_tokens(messages))

    def generate(
        self, messages: Sequence[ChatMessage], *, options: GenerationOptions, cancel: threading.Event
    ) -> LlamaGeneration:
        """Start an answer; see `ChatModel.generate`.

        Raises:
            PromptTooLong: If the prompt and `options.max_tokens` exceed the context.
            ModelDamaged: If the chat template fails.
        """
        prompt = self.prompt_tokens(messages)
        if not prompt or len(prompt) + options.max_tokens > self.context_tokens:
            raise PromptTooLong(f"{len(prompt)} + {options.max_tokens} of {self.context_tokens} tokens")
        return LlamaGeneration(self, prompt, options, cancel)

    def attach_adapter(self, adapter: ModelFile | None, *, scale: float = 1.0) -> None:
        """Attach a LoRA in GGUF form, or detach with None; clears the KV cache.

        Raises:
            WrongLoraBase: If the adapter was made for another base.
            ModelFileGone, ModelDamaged: If the file is no sound GGUF adapter.
            ModelLoadFailed: If llama.cpp refuses it.
        """
        self._require_open()
        loaded = None if adapter is None else self._load_adapter(adapter)
        self._forget()
        count = 0 if loaded is None else 1
        pointers = (ll.llama_adapter_lora_p_ctypes * count)(*([loaded] if loaded is not None else []))
        scales = (ctypes.c_float * count)(*([scale] if count else []))
        if ll.llama_set_adapters_lora(self._ctx, pointers, count, scales):
            if loaded is not None:
                ll.llama_adapter_lora_free(loaded)
            raise ModelLoadFailed("llama.cpp refused the adapter")
        if self._adapter is not None:
            ll.llama_adapter_lora_free(self._adapter)
        self._adapter = loaded

    def logits(self, text: str) -> NDArray[np.float32]:
        """Logits of the token after a text, shape (vocabulary,); for checks of adapters (R31).

        Raises:
            PromptTooLong: If the text is empty, or longer than the context.
        """
        tokens = self._tokenize(text, special=False)
        if not 1 <= len(tokens) <= self._n_ctx:
            raise PromptTooLong(f"{len(tokens)} of 1 to {self._n_ctx} tokens")
        self._abort_flag[0] = b"\0"
        self._forget()
        self._decode(tokens)
        row = ll.llama_get_logits_ith(self._ctx, -1)
        values: NDArray[np.float32] = np.ctypeslib.as_array(row, shape=(self._n_vocab,)).copy()
        self._forget()
        return values

    def close(self) -> None:
        """Free the model's memory; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._stack.close()  # the adapter is freed with its model

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the chat model is closed")  # ours: llama.cpp would read freed memory

    def _load(self, stack: ExitStack, on_gpu: bool) -> Any:  # Any: a C pointer
        params = ll.llama_model_default_params()
        params.n_gpu_layers = 999 if on_gpu else 0
        model = ll.llama_model_load_from_file(os.fsencode(self._model_file.path), params)
        if not model:
            raise ModelLoadFailed(f"llama.cpp refused {self.name}")
        stack.callback(ll.llama_model_free, model)
        return model

    def _open(self, stack: ExitStack, context_tokens: int, threads: int, on_gpu: bool) -> Any:  # Any: a C pointer
        params = ll.llama_context_default_params()
        trained_for = self._header.context_length or context_tokens
        params.n_ctx = max(SHORTEST_CONTEXT, min(context_tokens, trained_for))
        params.n_batch = _BATCH
        # llama.cpp looks at the abort flag between two batches on a GPU, so those are kept small there.
        params.n_ubatch = _GPU_UBATCH if on_gpu else _BATCH
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        context = ll.llama_init_from_model(self._model, params)
        if not context:
            raise ModelLoadFailed(f"no memory for a context of {params.n_ctx} tokens")
        stack.callback(ll.llama_free, context)
        return context

    def _read_template(self, command: Sequence[str]) -> ChatTemplate:
        source = self._header.chat_template
        # A template writes the mark of the beginning itself; the plain form has it where the model wants one.
        wants_bos = bool(source) or bool(ll.llama_vocab_get_add_bos(self._vocab))
        return ChatTemplate(
            source,
            bos_token=self._special(ll.llama_vocab_bos(self._vocab)) if wants_bos else "",
            eos_token=self._special(ll.llama_vocab_eos(self._vocab)),
            command=command,
        )

    def _load_adapter(self, adapter: ModelFile) -> Any:  # Any: a C pointer
        header = read_header(adapter.path)
        if not header.is_adapter:
            raise ModelDamaged(f"{adapter.name} is no LoRA adapter")
        reason = check_adapter_fits(header, self._header, base_name=self.name)
        if reason is not None:
            raise WrongLoraBase(lora_arch=f"{adapter.name} ({reason})", base_arch=self._header.architecture)
        loaded = ll.llama_adapter_lora_init(self._model, os.fsencode(adapter.path))
        if not loaded:
            raise ModelLoadFailed(f"llama.cpp refused the adapter {adapter.name}")
        return loaded

    def prompt_tokens(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Give the tokens of the prompt that the chat template makes of these messages."""
        pieces = self._template.render(messages)
        return [token for piece in pieces for token in self._tokenize(piece.text, special=piece.trusted)]

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        self._require_open()
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (ll.llama_token * room)()
        count = ll.llama_tokenize(self._vocab, data, len(data), tokens, room, False, special)
        if count < 0:
            raise ModelDamaged("its tokenizer gives more tokens than bytes")
        return list(tokens[:count])

    def _special(self, token: int) -> str:
        return self.piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """Give the bytes of a token; they may be a part of a code point."""
        room = _LONGEST_PIECE
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = ll.llama_token_to_piece(self._vocab, token, buffer, room, 0, special)
            if length >= 0:
                return buffer.raw[:length]
            room = -length  # what it needs

    def read_prompt(self, prompt: Sequence[int]) -> tuple[int, bool]:
        """Bring the KV cache to the prompt; gives the tokens reused, and whether it was read to its end."""
        reused = _common_prefix(self._cached, prompt[:-1])
        if not ll.llama_memory_seq_rm(self._memory, 0, reused, -1):
            self._forget()
            reused = 0
        del self._cached[reused:]
        return reused, self._decode(prompt[reused:])

    def next_token(self, sampler: Any) -> int | None:  # Any: a C pointer
        """Sample the next token; None at the end of the answer."""
        token = int(ll.llama_sampler_sample(sampler, self._ctx, -1))
        return None if ll.llama_vocab_is_eog(self._vocab, token) else token

    def append(self, token: int) -> bool:
        """Read one generated token; False if it was aborted."""
        return self._decode([token])

    def make_sampler(self, options: GenerationOptions) -> Any:  # Any: a C pointer
        """Make the chain of samplers; the caller frees it."""
        chain = ll.llama_sampler_chain_init(ll.llama_sampler_chain_default_params())
        if options.repeat_penalty not in (0.0, 1.0):  # both mean "none"; llama.cpp ends the process at 0
            penalties = ll.llama_sampler_init_penalties(
                self._n_vocab, _PENALTY_WINDOW, options.repeat_penalty, 0.0, 0.0
            )
            ll.llama_sampler_chain_add(chain, penalties)
        if options.temperature <= 0:
            ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_greedy())
            return chain
        ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_top_p(options.top_p, 1))
        ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_temp(options.temperature))
        ll.llama_sampler_chain_add(chain, ll.llama_sampler_init_dist(options.seed))
        return chain

    def abort_while(self, cancel: threading.Event, done: threading.Event) -> threading.Thread:
        """Let `cancel` stop llama.cpp in the middle of a computation, until `done` is set.

        llama.cpp asks a C function between two steps. A Python function there would take the interpreter's lock a
        thousand times a token; so it asks the C library's `strlen` about a flag, which is "" until a thread of ours
        writes a character into it.
        """
        self._abort_flag[0] = b"\0"
        address = ctypes.cast(_c_library().strlen, ctypes.c_void_p).value
        ask = ctypes.cast(ctypes.c_void_p(address), ll.ggml_abort_callback)
        ll.llama_set_abort_callback(self._ctx, ask, ctypes.cast(self._abort_flag, ctypes.c_void_p))

        def watch() -> None:
            while not done.is_set():
                if cancel.wait(_CANCEL_LOOK_S):
                    self._abort_flag[0] = b"\1"
                    return

        thread = threading.Thread(target=watch, name="cancel-watch", daemon=True)
        thread.start()
        return thread

    def _decode(self, tokens: Sequence[int]) -> bool:
        for start in range(0, len(tokens), _BATCH):
            part = tokens[start : start + _BATCH]
            array = (ll.llama_token * len(part))(*part)
            code = ll.llama_decode(self._ctx, ll.llama_batch_get_one(array, len(part)))
            if code == _ABORTED:
                self._forget()
                return False
            if code != 0:
                self._forget()
                raise ModelLoadFailed(f"llama.cpp could not go on (code {code})")
            self._cached.extend(part)
        return True

    def _forget(self) -> None:
        ll.llama_memory_clear(self._memory, True)
        self._cached.clear()


class LlamaGeneration:
    """A running answer; iterate it once."""

    def __init__(
        self, chat: LlamaChat, prompt: Sequence[int], options: GenerationOptions, cancel: threading.Event
    ) -> None:
        self._chat = chat
        self._prompt = prompt
        self._options = options
        self._cancel = cancel
        self.stats: GenerationStats | None = None

    def __iter__(self) -> Iterator[str]:
        """Yield the answer piece by piece; see `Generation`."""
        started = time.perf_counter()
        done = threading.Event()
        watcher = self._chat.abort_while(self._cancel, done)
        sampler = self._chat.make_sampler(self._options)
        reused, answered, finish = 0, 0, "cancelled"
        first_token_s: float | None = None
        text = _PieceText(self._options.stop)
        try:
            reused, whole = self._chat.read_prompt(self._prompt)
            while whole and not self._cancel.is_set():
                token = self._chat.next_token(sampler)
                first_token_s = first_token_s or time.perf_counter() - started
                if token is None:
                    finish = "stop"
                    break
                answered += 1
                if piece := text.take(self._chat.piece(token)):
                    yield piece
                if text.stopped:
                    finish = "stop"
                    break
                if answered >= self._options.max_tokens:
                    finish = "length"
                    break
                whole = self._chat.append(token)
            if finish != "cancelled" and (rest := text.rest()):
                yield rest
        finally:
            done.set()
            watcher.join()
            ll.llama_sampler_free(sampler)
            self.stats = GenerationStats(
                prompt_tokens=len(self._prompt),
                reused_tokens=reused,
                answer_tokens=answered,
                first_token_s=first_token_s,
                total_s=time.perf_counter() - started,
                finish=finish,
            )


class _PieceText:
    """Joins bytes of tokens to text: never half a code point, never a stop sequence or the beginning of one."""

    def __init__(self, stop: Sequence[str]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = [s for s in stop if s]
        self._held = ""
        self.stopped = False

    def take(self, data: bytes) -> str:
        if self.stopped:
            return ""
        self._held += self._decoder.decode(data)
        for stop in self._stop:
            at = self._held.find(stop)
            if at >= 0:
                self.stopped = True
                self._held = self._held[:at]
        if self.stopped:
            return self._give(len(self._held))
        keep = max((_overlap(self._held, s) for s in self._stop), default=0)
        return self._give(len(self._held) - keep)

    def rest(self) -> str:
        if not self.stopped:
            self._held += self._decoder.decode(b"", final=True)
        return self._give(len(self._held))

    def _give(self, length: int) -> str:
        given, self._held = self._held[:length], self._held[length:]
        return given


def _overlap(text: str, stop: str) -> int:
    """Give the length of the longest end of `text` that is a beginning of `stop`."""
    return next((n for n in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:n])), 0)


def _common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL("msvcrt" if hasattr(ctypes, "windll") else None)
