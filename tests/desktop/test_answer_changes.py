"""What is different between two answers to one question."""

from __future__ import annotations

import pytest
from scripted_window import Json

from studiolo_desktop.answer_changes import what_changed


def answer(text: str, *cited: str, model: str | None = "small") -> Json:
    rows = [{"number": n, "path": one.partition("@")[0], "sha256": one} for n, one in enumerate(cited, 1)]
    return {"answer": text, "citations": rows, "model": model}


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (answer("Ten.", "/a.pdf@1"), "It says the same as the answer before."),
        (answer("Ten days.", "/a.pdf@1"), "The files that it cites are the same; it is worded otherwise."),
        (answer("Nine.", "/a.pdf@2"), "Changed since the answer before: a.pdf."),
        (answer("Nine.", "/b.pdf@1"), "It rests on other files: b.pdf."),
        (answer("Nine.", "/a.pdf@1", model="large"), "Another model answered: large."),
        (answer("Ten.", "/a.pdf@2"), "It says the same as the answer before. Changed since the answer before: a.pdf."),
        (answer("No."), ""),
    ],
)
def test_what_has_changed_is_said(after: Json, said: str) -> None:
    assert what_changed(answer("Ten.", "/a.pdf@1"), after) == said


def test_many_files_are_not_all_named_and_names_stay_text() -> None:
    names = [f"/<b>{n}\n.pdf@1" for n in range(5)]
    assert what_changed(answer("x"), answer("y", *names)) == (
        "It rests on other files: <b>0 .pdf, <b>1 .pdf, <b>2 .pdf …."
    )
