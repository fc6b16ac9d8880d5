"""Examining every document from the command line: the places, the table, what could not be read, going on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from command_line import CommandLine

from studiolo.commands import finding_commands
from studiolo.desk import Job, Json
from studiolo.find_desk import FindDesk
from studiolo.messages import Request

pytestmark = pytest.mark.real_models

QUERY = "every policy that mentions unused leave"


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_places_are_exact_slices_of_the_text_that_is_shown(studiolo: CommandLine) -> None:
    """R20."""
    ran = studiolo.json("find-all", QUERY)
    found = ran.document
    assert {"examined", "hits", "unreadable"} <= set(found)
    (hit,) = found["hits"]
    assert studiolo.slice_of(hit) == hit["text"]
    assert hit["text"].startswith("Unused leave of up to ten days")
    assert {"path", "page", "start", "end", "text", "nearness", "in_name", "part"} <= set(hit)
    assert (found["examined"], found["with_hits"], found["complete"]) == (1, 1, True)
    assert [(Path(row["path"]).name, row["code"]) for row in found["unreadable"]] == [("broken.pdf", "file.damaged")]
    assert ran.code == 1


def test_filters_choose_the_documents(studiolo: CommandLine) -> None:
    """A file that could not be read and does not pass is not missed."""
    ran = studiolo("find-all", f"{QUERY} type:md")
    assert ran.code == 0
    assert "1 document passes: type:md\n1 document examined, 1 with a hit" in ran.out


def test_only_what_could_not_be_read_is_a_problem(studiolo: CommandLine, library_root: Path) -> None:
    words = ("find-all", '"notice period"', "--collection", "contracts")
    assert (studiolo.json(*words).code, studiolo.json(*words).document["with_hits"]) == (0, 1)
    below = studiolo.json("find-all", "leave", "--under", library_root / "hr" / "leave.md")
    assert (below.code, below.document["unreadable"]) == (0, [])


def test_what_people_read_says_where_what_and_what_is_missing(studiolo: CommandLine) -> None:
    shown = studiolo("find-all", QUERY).out
    assert "leave.md" in shown
    assert "Leave: Unused leave of up to ten days" in shown
    assert "broken.pdf\n    " in shown
    assert "(file.damaged)" in shown
    assert "1 document examined, 1 with a hit (1 place), 1 unreadable." in shown
    assert "Looked for unused, leave (accents and English endings aside); not for: every policy that mentions." in shown
    none = studiolo("find-all", '"unused holidays"').out
    assert "1 document examined, 0 with a hit" in none


def test_the_table_holds_places_names_and_what_could_not_be_read(studiolo: CommandLine, tmp_path: Path) -> None:
    table = tmp_path / "hits.csv"
    ran = studiolo("find-all", "leave", "--out", table)
    rows = table_of(table)
    assert {row["kind"] for row in rows} == {"hit", "unreadable"}
    assert all("leave" in row["text"].casefold() for row in rows if row["kind"] == "hit")
    assert {Path(row["path"]).name for row in rows if row["in_name"] == "True"} == {"leave.md"}
    assert "accrues" not in ran.out
    assert f"The table is written to {table}" in ran.err
    assert [p.name for p in tmp_path.glob("hits*")] == ["hits.csv"]


def test_a_word_of_a_document_is_no_formula_for_a_spreadsheet(own: CommandLine, tmp_path: Path) -> None:
    """S10."""
    root = tmp_path / "docs"
    root.mkdir()
    (root / "rent and lease.txt").write_text("Nothing.")
    (root / "a.txt").write_text("=cmd|' /C calc'!A0 rent of the lease")
    own("add", root)
    own("sync")
    own("find-all", "rent lease", "--out", tmp_path / "hits.csv")
    assert [(row["kind"], row["text"][:5]) for row in table_of(tmp_path / "hits.csv")] == [
        ("hit", "'=cmd"),
        ("name", ""),
    ]


def test_a_run_that_is_stopped_is_told_and_goes_on(
    own: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, table = tmp_path / "docs", tmp_path / "hits.csv"
    root.mkdir()
    for number in range(6):
        (root / f"{number}.txt").write_text(f"The rent of house {number} is due.")
    own("add", root)
    own("sync")
    asked: list[Request] = []
    handle = FindDesk.handle

    def stop_at_the_third(desk: FindDesk, request: Request, job: Job) -> Json:
        asked.append(request)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return handle(desk, request, job)

    monkeypatch.setattr(finding_commands, "_KEEP_EVERY_S", 0.0)
    with monkeypatch.context() as stopped:
        stopped.setattr(FindDesk, "handle", stop_at_the_third)
        ran = own("find-all", "rent", "--out", table)
    assert (ran.code, ran.out) == (130, "")
    assert "2 of 6 documents were examined" in ran.err
    assert [Path(row["path"]).name for row in table_of(table)] == ["0.txt", "1.txt"]
    refused = own.json("find-all", "lease", "--out", table, "--resume")
    assert (refused.code, refused.error["code"]) == (2, "question.bad_cursor")
    done = own.json("find-all", "rent", "--out", table, "--resume")
    assert (done.code, done.document["examined"], done.document["with_hits"]) == (0, 6, 6)
    assert [Path(row["path"]).name for row in table_of(table)] == [f"{n}.txt" for n in range(6)]
    again = own("find-all", "rent", "--out", table, "--resume")
    assert "No unfinished run was found" in again.err


def test_an_index_without_documents_says_what_to_do(own: CommandLine) -> None:
    ran = own("find-all", "rent")
    assert (ran.code, "`studiolo sync`" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("",), "question.empty"),
        (("!!",), "question.no_words"),
        (("x", "--collection", "nowhere"), "collection.unknown"),
        (("x", "--out", "/nowhere/hits.csv"), "output.unwritable"),
    ],
)
def test_what_cannot_be_done_is_wrong_usage(studiolo: CommandLine, words: tuple[str, ...], code: str) -> None:
    ran = studiolo.json("find-all", *words)
    assert (ran.code, ran.error["code"]) == (2, code)
