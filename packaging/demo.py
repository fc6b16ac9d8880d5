"""The demonstration: indexes the examples, asks three questions on the command line, then opens the window.

It uses the program as a person would: `studiolo add`, `sync` and `ask`, with a data folder of its own (demo-home).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
COLLECTIONS = ("hr", "product-docs", "customers")
HOME = ROOT / "demo-home"
INDENT = "    "


class DemoProblem(Exception):
    """A command failed; it has said why on stderr."""


def command(name: str) -> str:
    """Give the path of one of our commands, beside the Python that runs this."""
    return str(Path(sys.executable).with_name(name + (".exe" if os.name == "nt" else "")))


def studiolo(*arguments: str) -> Any:  # Any: the JSON of product.md, a different shape for each command
    """Run one command with --json and read what it prints.

    Raises:
        DemoProblem: If it ends with an error.
    """
    line = [command("studiolo"), *arguments, "--json", "--home", str(HOME)]
    done = subprocess.run(line, check=False, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if done.returncode > 1:
        raise DemoProblem(" ".join(("studiolo", *arguments)))
    return json.loads(done.stdout)


def questions(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Choose one question for each collection: (collection, question).

    A row marked `"demo": true` goes first; else it is the first that has an answer.
    """
    chosen = []
    for collection in COLLECTIONS:
        own = [r for r in rows if r.get("sources") and _collection(r) == collection]
        own.sort(key=lambda r: not r.get("demo", False))
        chosen += [(collection, str(r["question"])) for r in own[:1]]
    return chosen


def _collection(row: dict[str, Any]) -> str:
    return str(row.get("collection") or row["sources"][0]["path"].partition("/")[0])


def place(citation: dict[str, Any]) -> str:
    """Name a citation's file, relative to the examples, and its page or part."""
    path = Path(citation["path"])
    name = path.relative_to(EXAMPLES).as_posix() if path.is_relative_to(EXAMPLES) else path.name
    where = f", page {citation['page']}" if citation.get("page") else ""
    return name + (where or (f", {citation['part']}" if citation.get("part") else ""))


def index() -> None:
    """Watch the three folders and bring the index up to date."""
    for collection in COLLECTIONS:
        studiolo("add", str(EXAMPLES / collection), "--collection", collection)
    result = studiolo("sync")
    files, changed = result["files"], result["changed"]
    print(
        f"{files['indexed']} of {files['on_disk']} example files are indexed "
        f"({changed['added'] + changed['modified']} of them now, in {result['seconds']['total']:.1f} s)."
    )


def ask(collection: str, question: str) -> bool:
    """Ask one question and print the answer with its sources; whether it has any."""
    answer = studiolo("ask", question, "--collection", collection)
    print(f"\n[{collection}] {question}")
    print("\n".join(INDENT + line for line in str(answer["answer"]).splitlines()))
    for citation in answer["citations"]:
        quote = " ".join(str(citation["quote"]).split())
        print(f"{INDENT}[{citation['number']}] {place(citation)}: “{quote[:160]}{'…' if len(quote) > 160 else ''}”")
    print(f"{INDENT}({answer['milliseconds']['total'] / 1000:.1f} s, {answer['model'] or 'quotes alone'})")
    return bool(answer["citations"])


def has_display() -> bool:
    """Whether a window can be opened here."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> int:
    """Run the demonstration; gives the exit code."""
    text = (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8")
    try:
        print("Indexing the examples …", flush=True)
        index()
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        cited = [ask(collection, question) for collection, question in questions(rows)]
    except DemoProblem as problem:
        print(f"the demonstration stopped at: {problem}", file=sys.stderr)
        return 3
    if not has_display():
        print("\nThere is no display, so the window is not opened; `make app` opens it.")
    else:
        print("\nOpening the window with the same index; close it to end.", flush=True)
        subprocess.run([command("studiolo-desktop"), "--home", str(HOME)], check=False)
    return 0 if cited and all(cited) else 1


if __name__ == "__main__":
    sys.exit(main())
