"""What comes from outside is made harmless, letter by letter, and what people read is in words."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from studiolo_desktop import words

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ODD = st.sampled_from(
    [*BIDI, *"\0\a\b\x1b\x7f\x85\u2028\u2029\n\r\t<>&'\"\\/ ", "\ud800", "\udcff", "😀", "é", "ש", "ك"]
)
HOSTILE = st.lists(ODD | st.characters(codec=None), max_size=80).map("".join)


def is_harmless(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") and char not in BIDI


@given(text=HOSTILE)
def test_one_line_holds_nothing_that_turns_breaks_or_hides_a_line(text: str) -> None:
    assert all(is_harmless(char) for char in words.one_line(text))


@given(text=HOSTILE)
def test_one_line_changes_no_harmless_letter_and_moves_none(text: str) -> None:
    shown = words.one_line(text)
    assert len(shown) == len(text)
    assert all(now == was for now, was in zip(shown, text, strict=True) if is_harmless(was))


@given(text=HOSTILE, limit=st.integers(1, 40))
def test_one_line_is_never_longer_than_its_limit_and_says_so_when_it_cuts(text: str, limit: int) -> None:
    shown = words.one_line(text, limit=limit)
    assert len(shown) <= limit
    assert shown.endswith("…") or len(shown) == len(text)


def test_a_name_that_would_read_as_a_pdf_is_unmasked() -> None:
    assert words.one_line("invoice\u202efdp.exe") == "invoice\ufffdfdp.exe"


def test_joiners_and_names_in_other_scripts_stay_as_they_are() -> None:
    for name in ("می\u200cخواهم.pdf", "👩\u200d👧.txt", "שלום.docx", "日本語.md", "Žluťoučký kůň.txt"):
        assert words.one_line(name) == name


@given(text=HOSTILE)
def test_a_tool_tip_is_read_back_letter_by_letter_whatever_markup_it_holds(text: str) -> None:
    document = QTextDocument()
    document.setHtml(words.tooltip(text))
    assert document.toPlainText().split() == words.one_line(text).split()


def test_a_tool_tip_of_nothing_is_nothing() -> None:
    assert words.tooltip("") == ""


@given(text=HOSTILE)
def test_no_letter_of_a_button_becomes_a_key(text: str) -> None:
    assert words.button_text(text).replace("&&", "").count("&") == 0
    assert words.button_text(text).replace("&&", "&") == words.one_line(text)


@given(text=HOSTILE)
def test_breaking_long_runs_changes_nothing_that_can_be_seen(text: str) -> None:
    assert words.breakable(text).replace("\u200b", "") == text.replace("\u200b", "")


@pytest.mark.parametrize(
    ("text", "breaks"),
    [("x" * 23, 0), ("x" * 24, 1), ("a/long/path/" * 20, 0), ("https://example.org/" + "q" * 60, 4), ("ก" * 80, 0)],
)
def test_only_long_runs_of_plain_letters_may_be_broken(text: str, breaks: int) -> None:
    assert words.breakable(text).count("\u200b") == breaks


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/docs/hr/leave.pdf", "leave.pdf"),
        ("/docs/hr/", "hr"),
        (r"C:\Users\me\leave.pdf", "leave.pdf"),
        ("\\\\server\\share\\", "share"),
        ("leave.pdf", "leave.pdf"),
        ("/", "/"),
        ("", ""),
        ("/docs/a\nb\u202ec.pdf", "a b\ufffdc.pdf"),
        ("/docs/caf\udce9.txt", "caf\ufffd.txt"),
    ],
)
def test_a_path_is_shown_by_its_last_part(path: str, name: str) -> None:
    assert words.file_name(path) == name


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"page": 4, "part": "Page 4"}, "p. 4"),
        ({"page": None, "part": "7.3 Leave"}, "7.3 Leave"),
        ({"page": True, "part": "x\ny"}, "x y"),
        ({"page": "4"}, ""),
        ({}, ""),
    ],
)
def test_a_passage_stands_on_a_page_or_in_a_part(row: dict[str, object], said: str) -> None:
    assert words.place(row) == said


def test_a_long_title_of_a_part_is_cut() -> None:
    assert len(words.place({"part": "title " * 50})) == 60


JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.integers())
)


@given(row=st.dictionaries(st.sampled_from(["x", "code", "message", "hint", "page", "part"]), JUNK))
def test_documents_of_any_shape_are_read_without_a_fault(row: dict[str, object]) -> None:
    assert isinstance(words.text_of(row, "x"), str)
    assert type(words.number_of(row, "x")) is int
    assert all(isinstance(item, dict) for item in words.rows_of(row, "x"))
    assert isinstance(words.document_of(row, "x"), dict)
    assert isinstance(words.place(row), str)
    assert words.error_of(row).message


def test_true_is_no_number() -> None:
    assert words.number_of({"x": True}, "x") == 0


def test_what_is_no_document_is_left_out_of_a_list() -> None:
    assert words.rows_of({"x": [{"a": 1}, None, "b", {"c": 2}]}, "x") == [{"a": 1}, {"c": 2}]


def test_an_error_without_words_still_says_something() -> None:
    assert words.error_of({}).message == "Something went wrong."


def test_an_error_is_harmless_and_short() -> None:
    error = words.error_of({"code": "x" * 500, "message": "a\u202eb" * 1000, "hint": "\0" * 1000})
    assert (len(error.code), len(error.message), len(error.hint)) == (60, 400, 400)
    assert "\u202e" not in error.message
    assert "\0" not in error.hint


def test_how_sure_a_recognised_text_is_stands_in_hundredths_or_not_at_all() -> None:
    assert words.recognised({"ocr_confidence": 0.984}) == "OCR 98 %"
    for odd in (None, True, "1", 1.5, float("nan"), -0.1):
        assert words.recognised({"ocr_confidence": odd}) == ""


@pytest.mark.parametrize(
    ("path", "folder"), [("a.pdf", ""), ("hr/a.pdf", "hr"), ("hr\\x\\a.pdf", "hr/x"), ("<b>\u202e/a", "<b>\ufffd")]
)
def test_a_file_s_folder_is_named_below_the_watched_one(path: str, folder: str) -> None:
    assert words.folder_of(path) == folder


@pytest.mark.parametrize("text", ["", "yesterday", "9999-99-99", "0001-01-01T00:00:00+23:00"])
def test_what_is_no_time_is_not_told_and_no_error(text: str) -> None:
    assert len(words.moment(text)) in (0, 16)


def test_a_time_is_told_to_the_minute_here() -> None:
    here = datetime(2026, 11, 27, 14, 3, 59).astimezone()
    assert words.moment(here.astimezone(UTC).isoformat()) == "2026-11-27 14:03"


def test_states_have_words_and_unknown_ones_are_harmless() -> None:
    assert [words.state_words(s) for s in ("failed", "odd\u202e")] == ["Not readable", "odd\ufffd"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["vector", "text"], "meaning, words"), (["text"], "words"), (("vector",), "meaning"), (7, ""), ("text", ""),
        ([None, "magic"], ""),
    ],
)  # fmt: skip
def test_how_a_passage_was_found_is_said_in_words(names: object, said: str) -> None:
    assert words.found_by({"found_by": names}) == said


@given(text=HOSTILE)
def test_harmless_text_keeps_its_lines_and_every_harmless_letter(text: str) -> None:
    shown = words.harmless(text)
    assert all(is_harmless(c) or c in "\n\t\u2028\u2029" for c in shown)
    assert shown.count("\n") == text.count("\n")
    assert words.harmless("a\tb\r\nc \u202ed") == "a\tb\nc \ufffdd"
