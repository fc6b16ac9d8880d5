"""The one table of what can be done with keys: shortcuts, palette and the page of shortcuts are all made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the window can do.

    Args:
        key: Its name in the program.
        title: What it does, as palette and shortcuts page say it.
        group: The section of the shortcuts page.
        keys: Key sequences, as Qt writes them; the first is the one that is shown.
        words: Other words by which the palette finds it.
        icon: Its icon in the palette.
        in_palette: Whether the palette offers it.
    """

    key: str
    title: str
    group: str
    keys: tuple[str, ...] = ()
    words: str = ""
    icon: str = "action"
    in_palette: bool = True


ACTIONS = (
    Action("palette", "Find anything: pages, collections, past questions, actions", "Window", ("Ctrl+K",), "palette",
           "search", in_palette=False),
    Action("new_question", "New question", "Ask", ("Ctrl+N",), "begin anew start chat conversation", "new"),
    Action("question", "Go to the question", "Ask", ("Ctrl+L",), "ask write answer talk", "ask"),
    Action("edit", "Edit the last question", "Ask", ("Ctrl+E",), "change correct rewrite", "ask"),
    Action("again", "Answer the last question again", "Ask", ("Ctrl+R",), "regenerate repeat retry once more", "retry"),
    Action("narrow", "Narrow the question: file types, a folder, dates", "Ask", ("Ctrl+Shift+N",),
           "limit filter scope type pdf after before since under only", "files"),
    Action("widen", "Take all limits from the question", "Ask", (), "remove filters scope everything", "close"),
    Action("stop", "Stop the answer", "Ask", ("Ctrl+.",), "cancel halt", "stop"),
    Action("copy", "Copy the last answer with its sources", "Ask", ("Ctrl+Shift+C",), "clipboard", "copy"),
    Action("search", "Search everything", "Search", ("Ctrl+Shift+F",), "find passages words", "search"),
    Action("find_files", "Find files", "Library", ("Ctrl+Shift+L",), "ledger list all documents indexed", "files"),
    Action("problems", "Files that could not be read", "Library", (), "failed unreadable problems retry look errors",
           "alert"),
    Action("add_folder", "Add folder …", "Library", ("Ctrl+O",), "watch open directory import", "folder_add"),
    Action("pause", "Pause or resume indexing", "Library", ("Ctrl+Shift+P",), "stop halt continue wait", "pause"),
    Action("speed", "Index gently, or at full speed", "Library", (), "slow down fast processor battery", "speed"),
    Action("next_source", "Next source", "Source", ("Alt+Down",), "citation passage", "next"),
    Action("source_before", "Source before", "Source", ("Alt+Up",), "previous citation passage", "before"),
    Action("find_in_source", "Find in the source", "Source", ("Ctrl+F",), "search words document page text", "search"),
    Action("next_found", "Next place that was found", "Source", ("F3",), "search find in source", "next"),
    Action("found_before", "Found place before", "Source", ("Shift+F3",), "search find in source", "before"),
    Action("go_to_page", "Go to a page of the source", "Source", ("Ctrl+G",), "number jump", "files"),
    Action("source_pages", "Show or hide small pages", "Source", ("F9",), "thumbnails overview rail", "files"),
    Action("larger", "Make the page larger", "Source", ("Ctrl++", "Ctrl+="), "zoom in magnify", "search"),
    Action("smaller", "Make the page smaller", "Source", ("Ctrl+-",), "zoom out", "search"),
    Action("fit_width", "Fit the page to the width", "Source", ("Ctrl+0",), "zoom whole", "widen"),
    Action("fit_page", "Fit the whole page", "Source", ("Ctrl+9",), "zoom height", "widen"),
    Action("source_wider", "Make the source wider", "Source", ("Alt+Shift+Left",), "width room viewer", "widen"),
    Action("source_narrower", "Make the source narrower", "Source", ("Alt+Shift+Right",), "width room viewer", "widen"),
    Action("evaluation", "Evaluation", "Window", ("Ctrl+Shift+E",), "page question sets runs measure quality compare",
           "evaluation"),
    Action("draft_questions", "Draft questions from your documents …", "Window", (), "evaluation question set propose",
           "new"),
    Action("question_set", "Choose a question set …", "Window", (), "evaluation open file jsonl", "files"),
    Action("adapters", "Adapters", "Window", (), "page lora attach detach scale strength style", "adapter"),
    Action("models", "Models", "Window", (), "page chat embedder reranker gguf language", "model"),
    Action("add_model", "Add a model file …", "Window", (), "gguf chat model language import", "model"),
    Action("styles", "Styles of answers", "Window", (), "page form table letter short prompt profile", "style"),
    Action("settings", "Settings", "Window", ("Ctrl+,",), "page preferences options configure range default", "checks"),
    Action("privacy", "Privacy: what is stored, and the self-test", "Window", (),
           "page offline doctor checks data folder delete history disk", "shield"),
    Action("self_test", "Run the offline self-test", "Window", (), "doctor check installation privacy network",
           "shield"),
    Action("scheme", "Switch theme: system, light, dark", "Window", ("Ctrl+Shift+D",), "colours scheme mode night",
           "theme"),
    Action("library_wider", "Make the library wider", "Window", (), "width left room", "widen"),
    Action("library_narrower", "Make the library narrower", "Window", (), "width left room", "widen"),
    Action("shortcuts", "Keyboard shortcuts", "Window", ("F1", "Ctrl+?"), "keys help page", "keyboard"),
    Action("escape", "Close what lies on top; go back", "Window", ("Esc",), "", "close", in_palette=False),
    Action("quit", "Close Studiolo", "Window", ("Ctrl+Q",), "quit exit end leave", "quit"),
)  # fmt: skip

IN_PLACE = (
    ("Ask", "Ask the question", "Return"),
    ("Ask", "Begin a new line of the question", "Shift+Return"),
    ("Source", "Page before", "PgUp"),
    ("Source", "Next page", "PgDown"),
    ("Source", "First page", "Ctrl+Home"),
    ("Source", "Last page", "Ctrl+End"),
    ("Source", "Select the whole page, or the text", "Ctrl+A"),
    ("Source", "Copy the selected words", "Ctrl+C"),
    ("Source", "Select one word more, or one less", "Shift+Right"),
    ("Source", "Next found place, from the field", "Return"),
    ("Source", "Found place before, from the field", "Shift+Return"),
    ("Window", "Go to the next part; to the one before", "Tab"),
    ("Window", "Press or choose what has the focus", "Space"),
)
"""What a part does with keys of its own while it has the focus: group, title, keys."""


class Actions(QObject):
    """Runs actions, by their shortcuts or by name; what an action does is said with `bind`.

    Args:
        window: The window in which the shortcuts count.
    """

    ran = Signal(str)
    """The key of an action, right before it runs."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._slots: dict[str, Callable[[], object]] = {}
        for action in ACTIONS:
            for keys in action.keys:
                shortcut = QShortcut(QKeySequence(keys), window)
                shortcut.setProperty("action", action.key)
                shortcut.activated.connect(self._on_shortcut)

    def bind(self, key: str, slot: Callable[[], object]) -> None:
        """Say what an action does.

        Raises:
            KeyError: If the table has no such action.
        """
        if key not in {action.key for action in ACTIONS}:
            raise KeyError(key)
        self._slots[key] = slot

    def bound(self) -> frozenset[str]:
        """Name the actions that can be run."""
        return frozenset(self._slots)

    def run(self, key: str) -> None:
        """Run an action; one that nobody has bound does nothing."""
        slot = self._slots.get(key)
        if slot is not None:
            self.ran.emit(key)
            slot()

    @Slot()
    def _on_shortcut(self) -> None:
        self.run(str(self.sender().property("action")))


def shown_keys(keys: str) -> str:
    """Write a key sequence as this system does."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def keys_of(key: str) -> str:
    """Give the first shortcut of an action, as this system writes it; empty if it has none.

    Raises:
        KeyError: If the table has no such action.
    """
    for action in ACTIONS:
        if action.key == key:
            return shown_keys(action.keys[0]) if action.keys else ""
    raise KeyError(key)
