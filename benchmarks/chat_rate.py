"""Token rate and first token of our chat against llama-cpp-python's own `Llama`, interleaved in one run.

    .venv/bin/python benchmarks/chat_rate.py [--runs 7] [--model FILE.gguf]

Both get the same prompt tokens, threads and context, greedy; the ratio is of medians. Bar: rate at least 0.97, first
token at most 1.05 times as late.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from pathlib import Path

import llama_cpp

from studiolo_models.hardware import usable_cores
from studiolo_models.llama_chat import LlamaChat
from studiolo_models.protocols import ChatMessage, GenerationOptions, ModelFile
from studiolo_models.registry import Registry

ANSWER_TOKENS = 100
CONTEXT = 2048
TEXT = "The annual leave policy says how many days may be carried over, who approves it, and until when. " * 24


def ours(chat: LlamaChat, message: ChatMessage) -> tuple[float, float]:
    """Give (tokens a second after the first, seconds to the first token)."""
    options = GenerationOptions(max_tokens=ANSWER_TOKENS, repeat_penalty=1.0)
    started = time.perf_counter()
    generation = chat.generate([message], options=options, cancel=threading.Event())
    stamps = [time.perf_counter() for _ in generation]
    stats = generation.stats
    assert stats is not None
    return (stats.answer_tokens - 1) / (stamps[-1] - stamps[0]), stamps[0] - started


def theirs(llama: llama_cpp.Llama, tokens: list[int]) -> tuple[float, float]:
    """The same through llama-cpp-python's generator."""
    started = time.perf_counter()
    stamps = []
    for token in llama.generate(tokens, temp=0.0, repeat_penalty=1.0, top_k=1):
        llama.detokenize([token])
        stamps.append(time.perf_counter())
        if len(stamps) == ANSWER_TOKENS:
            break
    return (len(stamps) - 1) / (stamps[-1] - stamps[0]), stamps[0] - started


def find_model(path: Path | None) -> ModelFile:
    """Give the model to measure, as the registry would."""
    if path is not None:
        return ModelFile(path.stem, "chat", path, "", path.stat().st_size, "", str(path), "")
    return Registry(folder=Path("none"), bundled=[Path(sys.prefix) / "share/studiolo/models"]).in_use("chat")


def main() -> None:
    """Print both, and the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--model", type=Path, help="a GGUF file; without it the starter")
    options = parser.parse_args()
    runs = options.runs
    model = find_model(options.model)
    chat = LlamaChat(model, context_tokens=CONTEXT)
    llama = llama_cpp.Llama(
        str(model.path), n_ctx=CONTEXT, n_threads=usable_cores(), n_threads_batch=usable_cores(), verbose=False
    )
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    firsts: dict[str, list[float]] = {"ours": [], "theirs": []}
    for run in range(runs + 1):
        # A different beginning each time, so that neither reuses its cache.
        message = ChatMessage("user", f"Run {run}. {TEXT}\nTell a long story about it.")
        tokens = chat.prompt_tokens([message])
        # In turns first and second, so that a load that rises or falls meets both.
        for name in ("ours", "theirs") if run % 2 else ("theirs", "ours"):
            rate, first = ours(chat, message) if name == "ours" else theirs(llama, tokens)
            if run:
                rates[name].append(rate)
                firsts[name].append(first)
    middle_rate = {name: statistics.median(values) for name, values in rates.items()}
    middle_first = {name: statistics.median(values) for name, values in firsts.items()}
    print(f"prompt {len(tokens)} tokens, answer {ANSWER_TOKENS}, {usable_cores()} threads, medians of {runs} runs")
    for what, middle, bar in (
        ("tokens/s", middle_rate, "at least 0.97"),
        ("first token s", middle_first, "at most 1.05"),
    ):
        print(
            f"{what:13} ours {middle['ours']:8.3f}  llama-cpp-python {middle['theirs']:8.3f}  "
            f"ratio {middle['ours'] / middle['theirs']:.3f} (bar: {bar})"
        )


if __name__ == "__main__":
    main()
