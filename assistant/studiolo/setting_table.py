"""The one table of settings: what each is called, does and takes, and when a change counts; pure and light.

`settings` reads it to check values, the engine and the command line to list them; the window makes its page from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = str | int | float | bool
Counts = Literal["now", "next question", "next start"]
"""When a change counts. None of them needs a new index: what was read and embedded stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting, for people.

    Attributes:
        name: Its name in settings.toml.
        title, effect: What it is called, and what it does, a sentence.
        group: The section that it stands in.
        counts: When a change counts.
        unit: Of a number, in the plural; empty where it has none.
        low, high: The range of a number, both included; None for what is no number.
        zero: What 0 means where it is no amount.
        choices: The words that it may be, each with a word for people.
        role: Of the models that it may name; empty where it names none.
    """

    name: str
    title: str
    effect: str
    group: str
    counts: Counts
    unit: str = ""
    low: float | None = None
    high: float | None = None
    zero: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    role: str = ""


SPEEDS = ("full", "gentle")
_SPEED_CHOICES = (("full", "Full speed"), ("gentle", "Gentle (a third)"))
MOST_ADAPTER_SCALE = 2.0
"""Beyond twice its strength an adapter drowns the model."""
_ANSWERS, _SEARCH, _READING, _COMPUTER = "Answers", "Search", "Reading and indexing", "This computer"

SETTINGS = (
    Setting(
        name="passages", title="Passages of an answer", group=_ANSWERS, counts="next question",
        effect="How many passages are found for a question, and may be quoted. More of them answer broader questions; "
        "a small model tells them apart less well, and reads longer before it begins.",
        unit="passages", low=1, high=20,
    ),
    Setting(
        name="answer_tokens", title="Longest answer", group=_ANSWERS, counts="next question",
        effect="An answer that grows longer is cut after its last whole sentence. Styles may ask for less.",
        unit="tokens (about three quarters of a word)", low=32, high=4000,
    ),
    Setting(
        name="prompt_tokens", title="Longest prompt", group=_ANSWERS, counts="next question",
        effect="How much of the passages a model gets to read. Reading takes most of the time before the first word: "
        "twice as much takes about twice as long.",
        unit="tokens (about three quarters of a word)", low=300, high=32_000,
    ),
    Setting(
        name="context_tokens", title="Context of the chat model", group=_ANSWERS, counts="next question",
        effect="Prompt and answer must have room in it. It takes memory, which the page of models shows; a model that "
        "was trained for less uses less.",
        unit="tokens", low=512, high=131_072,
    ),
    Setting(
        name="adapter", title="Adapter", group=_ANSWERS, counts="next question",
        effect="The adapter that is attached to the chat model unless a question names another.",
        role="adapter",
    ),
    Setting(
        name="adapter_scale", title="Strength of the adapter", group=_ANSWERS, counts="next question",
        effect="1 is the strength that it was trained with; 0 leaves the model as it is.",
        low=0, high=MOST_ADAPTER_SCALE,
    ),
    Setting(
        name="rerank_milliseconds", title="Time for the reranker", group=_SEARCH, counts="now",
        effect="How long a reranker may judge the first passages of a search, if one is in use: the longer, the more "
        "of them it judges.",
        unit="milliseconds", low=0, high=10_000, zero="off",
    ),
    Setting(
        name="ocr", title="Recognise the text of scans", group=_READING, counts="next start",
        effect="Pages and pictures without text are recognised after everything else, some seconds a page. Without it "
        "they wait, and are found by nothing.",
    ),
    Setting(
        name="indexing_speed", title="Indexing", group=_READING, counts="now",
        effect="How much of the processor indexing takes while the computer is plugged in.",
        choices=_SPEED_CHOICES,
    ),
    Setting(
        name="indexing_speed_on_battery", title="Indexing on battery", group=_READING, counts="now",
        effect="The same while the computer runs on its battery.",
        choices=_SPEED_CHOICES,
    ),
    Setting(
        name="poll_interval_s", title="Look at network folders every", group=_READING, counts="next start",
        effect="Folders of which the system does not report changes (network drives, very many folders) are looked "
        "through this often.",
        unit="seconds", low=0.5, high=3600,
    ),
    Setting(
        name="threads", title="Processor threads for models", group=_COMPUTER, counts="next start",
        effect="More threads than the processor has cores slow models down.",
        unit="threads", low=0, high=256, zero="as many as there are cores",
    ),
    Setting(
        name="gpu", title="Use the graphics card", group=_COMPUTER, counts="next question",
        effect="The chat model runs on a GPU where llama.cpp was built for one and finds it; else nothing changes.",
    ),
)  # fmt: skip
"""Every setting, in the order in which people are shown them."""


def find_setting(name: str) -> Setting | None:
    """Find a setting by its name in the file."""
    return next((setting for setting in SETTINGS if setting.name == name), None)


def wanted_words(setting: Setting, default: Value) -> str:
    """Say what a setting takes, to follow “must be”; its default decides what type that is."""
    if setting.choices:
        return " or ".join(word for word, _ in setting.choices)
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, str):
        return "a name, or empty"
    kind = "a number" if isinstance(default, float) else "a whole number"
    if setting.low is None or setting.high is None:
        return kind
    return f"{kind} from {setting.low:,g} to {setting.high:,.10g}"


def why_not(setting: Setting, value: object, default: Value) -> str | None:
    """Say why a setting cannot have a value, to follow its name (“must be …”), or None if it can."""
    wanted = type(default)
    fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    fits = fits or (wanted is float and isinstance(value, int) and not isinstance(value, bool))
    if fits and setting.choices:
        fits = value in [word for word, _ in setting.choices]
    if fits and setting.low is not None and setting.high is not None and isinstance(value, int | float):
        fits = setting.low <= value <= setting.high  # never so for what is no number
    return None if fits else f"must be {wanted_words(setting, default)}"


def why_not_together(*, prompt_tokens: int, answer_tokens: int, context_tokens: int) -> str | None:
    """Say why these three cannot be kept together, or None if they can."""
    needed = prompt_tokens + answer_tokens
    if needed <= context_tokens:
        return None
    return (
        f"the longest prompt and the longest answer need {needed:,} tokens together, and the context of the chat model "
        f"holds {context_tokens:,}"
    )
