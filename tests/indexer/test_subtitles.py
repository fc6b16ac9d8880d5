"""Subtitles: what is said, who says it, when."""

from __future__ import annotations

from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.data.subtitles import parse_subtitles

VTT = """WEBVTT - Interview

NOTE not said

STYLE
::cue { color: red }

1
00:11.000 --> 00:13.000 align:right
<v Roger>We are in <i>New York</i> City

00:13.000 --> 00:16.000
<v Roger>down the street &amp; around
<v.loud Neil>Really?

12
00:01:30.500 --> 00:01:32.000
<v Neil>Later.</v>
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}<font color=red>Hello.</font>\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nBye.\r\n"
)


def test_speech_is_kept_with_its_speakers_and_numbers_are_not() -> None:
    document = parse_subtitles(VTT.encode(), "a.vtt")
    assert document.text == "Roger: We are in New York City\ndown the street & around\nNeil: Really?\nLater."
    assert document.title == "Interview"


def test_srt_is_read_the_same_way() -> None:
    assert parse_subtitles(SRT.encode(), "a.srt").text == "Hello.\nBye."


def test_parts_are_named_by_their_time() -> None:
    cues = "".join(
        f"{n // 60:02}:{n % 60:02}.000 --> {n // 60:02}:{n % 60:02}.900\nA sentence of some words.\n{n}\n\n"
        for n in range(90)
    )
    document = parse_subtitles(f"WEBVTT\n\n{cues}".encode(), "a.vtt")
    assert [p.label for p in document.parts] == ["00:00:00", "00:00:23", "00:00:46", "00:01:09"]
    assert document.parts[0].kind == "section"


def test_captions_that_roll_are_read_once() -> None:
    cues = "00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\none\ntwo\n\n00:03.000 --> 00:04.000\ntwo\nthree\n"
    assert parse_subtitles(f"WEBVTT\n\n{cues}".encode(), "a.vtt").text == "one\ntwo\nthree"


def test_cues_without_an_empty_line_between_do_not_give_their_numbers() -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n"
    assert parse_subtitles(srt.encode(), "a.srt").text == "Hello.\nBye."


def test_what_holds_no_cue_is_text() -> None:
    assert parse_subtitles(b"just words", "a.srt").text == "just words"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_damaged_subtitles_are_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_subtitles, damaged(VTT.encode(), seed), "a.vtt")
