"""An answer is read letter by letter, leads only to its own sources, and loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from desktop_parts import MARKUP, Room, colours, looks, picture, sentence
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QImage, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.widgets.answer_text import AnswerText, citation_numbers, describe

RESOURCES = [kind.value for kind in QTextDocument.ResourceType if kind.value < 100]
PIECES = st.lists(st.sampled_from(["[", "]", "1", "9", ", ", " ", "\n", "word", "[1]", "[1, 2]", "😀"]), max_size=25)
LINKS = [
    "http://example.org/1", "https://example.org", "HTTPS://example.org", "ftp://example.org/1", "file:///etc/passwd",
    "file://server/share/1", "//server/share", "\\\\server\\share\\1", "smb://server/1", "ms-settings:1",
    "ms-word:ofe|u|x", "search-ms:query=1", "mailto:a@example.org", "tel:1", "javascript:cite:1", "data:text/html,1",
    "vbscript:1", "about:1", "view-source:cite:1", "qrc:/1", "cite", "cite:", "cite:1:2", "cite:-1", "cite:+1",
    "cite:1.0", "cite: 1", "cite:1x", "cite:0x1", "cite:9", "cite:0", "cite:1001", "cite:\u0661", "cite://1", "cite:/1",
    "cites:1", "xcite:1", "1", "#1", "?1", "/etc/passwd", "../1", "C:\\1", "",
]  # fmt: skip


class Answer:
    """An answer in a room, with three sources, and what it says when one is followed."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=500, height=600)
        self.text = self.room.hold(AnswerText(self.room, self.room.theme), stretch=0)
        self.text.know_citations([1, 2, 3])
        self.text.start()
        self.cited: list[int] = []
        self.text.cited.connect(self.cited.append)

    def plain(self) -> str:
        return self.text.document().toPlainText()

    def formats(self) -> list[tuple[str, QTextCharFormat]]:
        """Give each piece of the text with its format, in order."""
        found: list[tuple[str, QTextCharFormat]] = []
        block: QTextBlock = self.text.document().begin()
        while block.isValid():
            at = block.begin()
            while not at.atEnd():
                found.append((at.fragment().text(), at.fragment().charFormat()))
                at += 1
            block = block.next()
        return found

    def links(self) -> list[str]:
        return [style.anchorHref() for _, style in self.formats() if style.isAnchor()]

    def format_of(self, words: str) -> QTextCharFormat:
        return next(style for text, style in self.formats() if words in text)

    def where(self, link: str) -> QPoint:
        """Find the middle of a link on the screen."""
        cursor = QTextCursor(self.text.document())
        while not cursor.atEnd():
            cursor.movePosition(QTextCursor.MoveOperation.Right)
            if cursor.charFormat().anchorHref() == link:
                return self.text.cursorRect(cursor).center()
        raise AssertionError(f"no link {link}")


@pytest.fixture
def answer(qtbot: QtBot) -> Answer:
    return Answer(qtbot)


@pytest.mark.parametrize("kind", RESOURCES)
def test_no_resource_is_loaded_from_a_file_the_network_or_the_address_itself(
    answer: Answer, tmp_path: Path, kind: int
) -> None:
    """S8. Qt itself opens a file when the widget gives it a None."""
    secret = tmp_path / "secret.png"
    assert picture(8, 8).save(str(secret))
    for address in (QUrl.fromLocalFile(str(secret)), QUrl("http://127.0.0.1:9/x"), QUrl("data:text/plain,secret")):
        for loaded in (answer.text.loadResource(kind, address), answer.text.document().resource(kind, address)):
            assert loaded == b"" or (isinstance(loaded, QImage) and loaded.pixelColor(0, 0).alpha() == 0)


def test_an_image_of_a_file_is_not_painted_even_if_markup_had_come_in(answer: Answer, tmp_path: Path) -> None:
    file = tmp_path / "red.png"
    assert picture(80, 80, colour="#ff0000").save(str(file))
    answer.text.document().setHtml(f'<img src="{QUrl.fromLocalFile(str(file)).toString()}" width=80 height=80>')
    assert "#ff0000" not in colours(looks(answer.text))


@pytest.mark.parametrize("way", ["stream", "show_plain", "show_sentences"])
def test_markup_is_shown_letter_by_letter(answer: Answer, way: str) -> None:
    if way == "show_sentences":
        answer.text.show_sentences([sentence(MARKUP)])
    else:
        getattr(answer.text, way)(MARKUP)
    answer.text.finish_stream()
    assert answer.plain() == MARKUP
    assert answer.links() == []


@pytest.mark.parametrize("link", LINKS)
def test_no_link_but_our_own_to_a_known_source_is_followed(answer: Answer, link: str) -> None:
    answer.text.know_citations([0, 1, 2, 3])
    answer.text.anchorClicked.emit(QUrl(link))
    assert answer.cited == []
    assert answer.text.source().isEmpty()


def test_whatever_a_link_holds_only_a_known_number_comes_out(answer: Answer) -> None:
    @given(link=st.text(max_size=20) | st.from_regex(r"\A(cite|[a-z-]{1,8}):[0-9]{1,4}\Z"))
    @settings(max_examples=100, deadline=None)
    def check(link: str) -> None:
        answer.cited.clear()
        answer.text.anchorClicked.emit(QUrl(link))
        followed = QUrl(link).scheme() == "cite" and QUrl(link).path().isdecimal()
        assert answer.cited == [] or (followed and answer.cited[0] in (1, 2, 3))

    check()


def test_a_known_citation_is_followed_by_the_mouse(answer: Answer) -> None:
    answer.text.show_sentences([sentence("Ten days.", citations=[1]), sentence("Five days.", citations=[3])])
    QTest.mouseClick(answer.text.viewport(), Qt.MouseButton.LeftButton, pos=answer.where("cite:3"))
    assert answer.cited == [3]


def test_citations_are_reached_and_followed_by_the_keyboard(answer: Answer) -> None:
    answer.text.show_sentences([sentence("Ten days.", citations=[1]), sentence("Five days.", citations=[3])])
    answer.text.setFocus()
    for _ in range(2):
        QTest.keyClick(answer.text, Qt.Key.Key_Tab)
        QTest.keyClick(answer.text, Qt.Key.Key_Return)
    assert answer.cited == [1, 3]


def test_a_citation_that_is_cut_by_the_stream_becomes_one_link(answer: Answer) -> None:
    for piece in ("Ten days [", "1", ", ", "3", "]", " and so on."):
        answer.text.stream(piece)
        assert "[" not in answer.plain()
    answer.text.finish_stream()
    assert answer.links() == ["cite:1", "cite:3"]
    assert answer.plain().endswith("and so on.")


def test_a_bracket_that_never_closes_is_shown_at_the_end(answer: Answer) -> None:
    answer.text.stream("Ten days [1")
    answer.text.finish_stream()
    assert answer.plain() == "Ten days [1"


def test_a_bracket_that_is_no_citation_does_not_hold_the_stream_up(answer: Answer) -> None:
    answer.text.stream("see [the list")
    assert answer.plain() == "see [the list"
    answer.text.stream(" or [" + "1" * 100)
    assert answer.plain().endswith("1" * 100)


def test_the_cuts_of_the_stream_change_nothing_of_the_answer(answer: Answer) -> None:
    @given(pieces=PIECES)
    @example(["word", " ", "[1]"])
    @example(["word ", "[1, ", "2", "] ", "[9]"])
    @settings(max_examples=80, deadline=None)
    def check(pieces: list[str]) -> None:
        answer.text.show_plain("".join(pieces))
        at_once = answer.plain(), answer.links()
        answer.text.start()
        for piece in pieces:
            answer.text.stream(piece)
        answer.text.finish_stream()
        assert (answer.plain(), answer.links()) == at_once

    check()


def test_any_text_at_all_is_borne(answer: Answer) -> None:
    @given(text=st.text(st.characters(codec=None), max_size=60))
    @settings(max_examples=60, deadline=None)
    def check(text: str) -> None:
        answer.text.show_sentences([sentence(text), sentence(text, "weak", [1])])
        answer.text.show_plain(text)
        assert all(link in ("cite:1", "cite:2", "cite:3") for link in answer.links())

    check()


@pytest.mark.parametrize("invented", ["[9]", "[0]", "[9, 10]", "[999]"])
def test_an_invented_number_is_shown_and_leads_nowhere(answer: Answer, invented: str) -> None:
    """R18."""
    answer.text.show_plain(f"Ten days {invented}.")
    assert answer.plain() == f"Ten days {invented}."
    assert answer.links() == []


def test_of_several_numbers_only_the_known_ones_lead_somewhere(answer: Answer) -> None:
    answer.text.show_plain("Ten days [1, 9, 2].")
    assert answer.links() == ["cite:1", "cite:2"]


def test_a_judged_sentence_cites_only_what_is_known(answer: Answer) -> None:
    answer.text.show_sentences([{"text": "Ten.", "verdict": "supported", "citations": [1, 9, "2", None]}])
    assert answer.links() == ["cite:1"]


def test_a_supported_sentence_carries_no_mark(answer: Answer) -> None:
    answer.text.show_sentences([sentence("Ten days.", citations=[1])])
    style = answer.format_of("Ten days")
    assert style.underlineStyle() == QTextCharFormat.UnderlineStyle.NoUnderline
    assert not style.toolTip()


def test_a_weak_sentence_is_dotted_and_explained(answer: Answer) -> None:
    answer.text.show_sentences([sentence("Perhaps.", "weak", [2])])
    style = answer.format_of("Perhaps")
    assert style.underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine
    assert style.underlineColor().name() == LIGHT.weak
    assert "only in part" in style.toolTip()


def test_an_unsupported_sentence_is_underlined_and_says_so_in_words(answer: Answer) -> None:
    answer.text.show_sentences([sentence("Everybody likes it.", "unsupported")])
    style = answer.format_of("Everybody")
    assert style.underlineStyle() == QTextCharFormat.UnderlineStyle.SingleUnderline
    assert style.underlineColor().name() == LIGHT.bad
    assert "(no source)" in answer.plain().replace("\u00a0", " ")
    assert {LIGHT.bad} <= colours(looks(answer.text))


def test_the_citation_stands_before_the_stop_of_its_sentence(answer: Answer) -> None:
    answer.text.show_sentences([sentence("Ten days.", citations=[1]), sentence("Five?", citations=[2])])
    assert answer.plain().split() == ["Ten", "days", "1", ".", "Five", "2", "?"]


def test_an_answer_with_a_layout_keeps_its_lines_and_marks(answer: Answer) -> None:
    layout: list[dict[str, object]] = [
        {"text": "Dear [2] Sir,\n\n- ", "sentence": None, "citations": []},
        {"text": "Ten days.", "sentence": 0, "citations": [1]},
        {"text": "\n| ", "sentence": None, "citations": []},
        {"text": "Five", "sentence": 1, "citations": []},
        {"text": " | ", "sentence": None, "citations": []},
        {"text": "", "sentence": None, "citations": [2, 9]},
        {"text": "?", "sentence": 7, "citations": []},
    ]
    answer.text.show_sentences([sentence("Ten days.", citations=[1]), sentence("Leave: Five", "weak", [2])], layout)
    shown = answer.plain().replace("\u00a0", " ")
    assert [line.split() for line in shown.splitlines() if line] == [
        ["Dear", "[2]", "Sir,"],
        ["-", "Ten", "days", "1", "."],
        ["|", "Five", "|", "2", "?"],
    ]
    assert not answer.format_of("Dear").isAnchor()
    assert answer.format_of("Five").underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine
    answer.room.theme.use(DARK)
    assert answer.plain().replace("\u00a0", " ") == shown


def test_a_screen_reader_hears_which_sentences_are_not_carried(answer: Answer) -> None:
    answer.text.show_sentences([sentence("A."), sentence("B.", "weak"), sentence("C.", "unsupported")])
    said = answer.text.accessibleDescription()
    assert answer.text.accessibleName() == "Answer"
    assert said.startswith("Sentence 2: The sources carry this sentence only in part.")
    assert "Sentence 3: No source carries this sentence." in said
    assert describe([sentence("A.")]) == "Every sentence is carried by its sources."


def test_choosing_a_source_shows_all_its_citations_as_chosen(answer: Answer) -> None:
    answer.text.show_sentences([sentence("A.", citations=[1, 2]), sentence("B.", citations=[1])])
    answer.text.select(1)
    grounds = [style.background().color().name() for _, style in answer.formats() if style.isAnchor()]
    assert grounds == [LIGHT.accent, LIGHT.accent_soft, LIGHT.accent]
    answer.text.select(0)
    assert {s.background().color().name() for _, s in answer.formats() if s.isAnchor()} == {LIGHT.accent_soft}


def test_the_chosen_source_stays_chosen_when_the_judged_sentences_come(answer: Answer) -> None:
    answer.text.stream("A [1].")
    answer.text.select(1)
    answer.text.show_sentences([sentence("A.", citations=[1])])
    assert answer.format_of("\u00a01\u00a0").background().color().name() == LIGHT.accent


def test_an_answer_is_painted_anew_in_the_dark(answer: Answer) -> None:
    answer.text.show_sentences([sentence("A.", "weak", [1]), sentence("B.", "unsupported")])
    answer.text.select(1)
    answer.room.theme.use(DARK)
    assert answer.format_of("\u00a01\u00a0").background().color().name() == DARK.accent
    assert answer.format_of("A").underlineColor().name() == DARK.weak
    assert {DARK.bg, DARK.bad, DARK.accent} <= colours(looks(answer.text))
    assert not {LIGHT.bg, LIGHT.bad, LIGHT.accent} & colours(looks(answer.text))


def test_a_streaming_answer_is_painted_anew_in_the_dark(answer: Answer) -> None:
    answer.text.stream("A [1].")
    answer.room.theme.use(DARK)
    assert answer.format_of("\u00a01\u00a0").foreground().color().name() == DARK.accent
    assert answer.plain().startswith("A")


@pytest.mark.parametrize("text", ["short", "word " * 300, "x" * 600, "line\n" * 20])
@pytest.mark.parametrize("width", [500, 260])
def test_no_line_of_an_answer_is_cut_at_any_width(answer: Answer, text: str, width: int) -> None:
    answer.text.stream(text)
    answer.text.finish_stream()
    answer.room.resize(width, 900)
    QApplication.processEvents()
    assert answer.text.verticalScrollBar().maximum() == 0
    assert answer.text.horizontalScrollBar().maximum() == 0
    assert answer.text.height() >= answer.text.document().size().height()


def test_the_wheel_is_left_to_the_talk(answer: Answer) -> None:
    middle = QPointF(20, 10)
    event = QWheelEvent(
        middle, answer.text.mapToGlobal(middle), QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.accept()
    QApplication.sendEvent(answer.text, event)
    assert not event.isAccepted()


def test_a_new_answer_begins_empty(answer: Answer) -> None:
    answer.text.stream("half [")
    answer.text.start()
    answer.text.stream("1]")
    answer.text.finish_stream()
    assert answer.plain() == "1]"


def test_the_numbers_of_passages_keep_their_order() -> None:
    assert citation_numbers([{"number": 2}, {"number": 1}, {"number": "x"}]) == [2, 1, 0]
