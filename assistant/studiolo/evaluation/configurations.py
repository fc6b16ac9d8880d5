"""What is measured: how passages are found and answers made; and the small grammar of `--compare`; pure.

A side of a comparison is the file of a saved run, or a configuration: terms joined by `+`, which change what the other
options say, like `base`, `adapter:letters`, `model:qwen+k:8`, `no-model+mode:text`, `without:names`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from studiolo.errors import AssistantError
from studiolo_indexer.fusion import WEIGHTS, Weights
from studiolo_indexer.records import SearchMode

ALL_MODES: tuple[SearchMode, ...] = ("hybrid", "vector", "text")
AnswersBy = Literal["model", "quotes", "nobody"]
PARTS: Mapping[str, Mapping[str, float]] = {
    "vectors": {"vector": 0.0},
    "text": {"vector": 1.0},
    "neighbours": {"beside": 0.0},
    "names": {"name": 0.0},
    "age": {"age": 0.0},
}
"""The parts of the hybrid ranking that can be taken out, and the weights without each."""
_MAX_K = 200
_PLAIN: dict[str, dict[str, object]] = {
    "current": {},
    "base": {"answers_by": "model", "adapter": ""},
    "adapter": {"answers_by": "model", "adapter": None},
    "no-model": {"answers_by": "quotes"},
    "retrieval-only": {"answers_by": "nobody"},
    "reranker": {"reranker": True},
    "no-reranker": {"reranker": False},
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """One way to find passages and to answer.

    Answers rest on the first of `modes`. `adapter` is None for the one in use, and empty for none; `needs_adapter` says
    that there must be one. `weights` are those of hybrid search. `reranker` is None for the one in use, if there is
    one, and True if there must be.
    """

    name: str = "current"
    k: int = 6
    modes: tuple[SearchMode, ...] = ALL_MODES
    answers_by: AnswersBy = "model"
    model: str | None = None
    adapter: str | None = None
    needs_adapter: bool = False
    weights: Weights = WEIGHTS
    reranker: bool | None = None


def read_modes(text: str) -> tuple[SearchMode, ...]:
    """Read `hybrid,vector,text` or a part of it.

    Raises:
        AssistantError: `question.bad_mode`.
    """
    modes = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for mode in modes:
        if mode not in ALL_MODES:
            raise AssistantError("question.bad_mode", mode or "without a name")
    return cast("tuple[SearchMode, ...]", modes)  # checked above


def read_sides(text: str, default: Configuration) -> list[Path | Configuration]:
    """Read what `--compare` names: two or more sides with commas between them.

    Raises:
        AssistantError: `evaluation.bad_side` if there are fewer than two, or one is neither a file nor a configuration.
    """
    names = [part.strip() for part in text.split(",")]
    if len(names) < 2:
        raise AssistantError("evaluation.bad_side", f"{text!r} names one side, and two are needed")
    return [_side(name, default) for name in names]


def read_configuration(text: str, default: Configuration) -> Configuration:
    """Read one side that is no file.

    Raises:
        AssistantError: `evaluation.bad_side` if it is none.
    """
    configuration = default
    for term in text.split("+"):
        configuration = _with(configuration, term.strip())
    return replace(configuration, name=text)


def ablation(default: Configuration) -> list[Configuration]:
    """Give the full ranking and, for each of its parts, the ranking without it: hybrid search, no answers."""
    full = replace(default, name="full", modes=("hybrid",), answers_by="nobody")
    return [full, *(replace(_without(full, part), name=f"without {part}") for part in PARTS)]


def _side(name: str, default: Configuration) -> Path | Configuration:
    if name.lower().endswith(".json"):
        return Path(name).expanduser()
    return read_configuration(name, default)


def _with(configuration: Configuration, term: str) -> Configuration:
    """Apply one term of a configuration."""
    if term in _PLAIN:
        changed = replace(configuration, **_PLAIN[term])  # type: ignore[arg-type]  # the table above names the fields
        return replace(changed, needs_adapter=True) if term == "adapter" else changed
    key, _, value = term.partition(":")
    if key == "adapter" and value:
        return replace(configuration, answers_by="model", adapter=value)
    if key == "model" and value:
        return replace(configuration, answers_by="model", model=value)
    if key == "mode":
        return replace(configuration, modes=_one_mode(value))
    if key == "without" and value in PARTS:
        return _without(configuration, value)
    if key == "k" and value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= _MAX_K:
        return replace(configuration, k=int(value))
    raise AssistantError("evaluation.bad_side", repr(term))


def _without(configuration: Configuration, part: str) -> Configuration:
    return replace(configuration, weights=replace(configuration.weights, **PARTS[part]))


def _one_mode(value: str) -> tuple[SearchMode, ...]:
    modes = read_modes(value)
    if len(modes) != 1:
        raise AssistantError("evaluation.bad_side", f"mode:{value}")
    return modes
