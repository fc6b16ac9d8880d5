"""A place is found wherever all that is wanted stands, also over the end of a chunk, and is an exact slice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.sentences import split_sentences
from studiolo_indexer.chunking import split_text
from studiolo_indexer.find_query import read_query
from studiolo_indexer.finding import Finder, Place, form_needle, phrase_pattern
from studiolo_indexer.full_text import analyser
from studiolo_indexer.scope_rows import TextPiece


def finder(query: str) -> Finder:
    return Finder(read_query(query), split_sentences=split_sentences)


def pieces(text: str, *, max_chars: int = 800) -> Iterator[TextPiece]:
    for number, (start, end) in enumerate(split_text(text, max_chars=max_chars), start=1):
        yield TextPiece(start, end, number, f"part {number}", text[start:end])


def places(query: str, text: str, *, max_chars: int = 800) -> list[Place]:
    return list(finder(query).places(pieces(text, max_chars=max_chars)))


def texts(found: list[Place]) -> list[str]:
    return [" | ".join([p.text, *([p.rest.text] if p.rest else [])]) for p in found]


TEXT = (
    "The lease begins on 1 May. A change of control ends it at once. Control over changes of the building stays with "
    "the owner. The rent is due monthly."
)


def test_every_sentence_with_all_words_is_a_place_and_says_how_near_they_are() -> None:
    found = places("change of control", TEXT)
    assert [(p.text, p.nearness) for p in found] == [
        ("A change of control ends it at once.", "row"),
        ("Control over changes of the building stays with the owner.", "sentence"),
    ]
    assert all(TEXT[p.start : p.end] == p.text for p in found)


def test_words_in_two_sentences_are_one_place_of_the_fewest_sentences() -> None:
    (found,) = places("lease control", TEXT)
    assert found.text == "The lease begins on 1 May. A change of control ends it at once."
    assert found.nearness == "near"


def test_a_place_names_the_page_on_which_it_begins() -> None:
    """A chunk may go on to other pages."""
    at = TEXT.index("Control over")
    piece = TextPiece(100, 100 + len(TEXT), 3, "3", TEXT, ((4, 100 + at),))
    first, second = finder("change of control").places([piece])
    assert [(p.page, p.part) for p in (first, second)] == [(3, "3"), (4, "4")]
    (over,) = finder("rent keys").places([piece, TextPiece(piece.end, piece.end + 9, 4, "4", "The keys.")])
    assert (over.page, over.part) == (4, "4")


def test_a_document_that_lacks_a_word_has_no_place() -> None:
    assert places("change of control arbitration", TEXT) == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("changing controls", "The Change, and Control."),
        ("Résumé", "her resume is attached"),
        ("resume", "Ihr RÉSUMÉ"),
        ("变更", "因变更控制条款"),
        ("变更控制", "因变更控制条款"),
        ("Fi­nance office", "The oﬃce of the ﬁnance department."),
    ],
)
def test_words_are_found_in_the_forms_of_the_full_text(query: str, text: str) -> None:
    assert len(places(query.replace("\u00ad", ""), text)) == 1


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("change of control", "CHANGE OF\n control"),
        ("the Company's shares", "The Company’s shares"),
        ("force-majeure", "force\u2011majeure"),
        ("café noir", "cafe\u0301 noir"),
        ("变更控制", "因变更控制条款"),
    ],
)
def test_a_phrase_is_found_but_for_case_white_space_and_the_shape_of_marks(phrase: str, text: str) -> None:
    assert phrase_pattern(phrase).search(text)
    assert len(places(f'"{phrase}"', text)) == 1


@pytest.mark.parametrize(
    "text", ["changes of control", "change in control", "exchange of control", "change of controls"]
)
def test_a_phrase_is_not_found_in_other_letters(text: str) -> None:
    assert places('"change of control"', text) == []


def test_a_phrase_beside_words_must_stand_with_them() -> None:
    assert texts(places('"of control" lease', TEXT)) == [
        "The lease begins on 1 May. A change of control ends it at once."
    ]


def test_a_sentence_that_goes_on_behind_a_page_is_found_with_both_slices() -> None:
    first, second = "It may be ended upon a change of", "control of the tenant. Rent is due."
    text = f"{first}\n{second}"
    cut = len(first)
    parts = [TextPiece(0, cut, 1, "1", first), TextPiece(cut + 1, len(text), 2, "2", second)]
    for query in ("change of control", '"change of control"', "every lease that mentions a change of control"):
        (found,) = finder(query).places(parts)
        assert found.rest is not None
        assert (found.text, found.page, found.nearness) == (first, 1, "row")
        assert (found.rest.text, found.rest.page) == ("control of the tenant.", 2)
        assert text[found.rest.start : found.rest.end] == found.rest.text


def test_words_in_two_neighbouring_chunks_are_found_and_in_chunks_apart_are_not() -> None:
    def parts(*contents: str) -> list[TextPiece]:
        return [TextPiece(n * 100, n * 100 + len(t), n, "", t) for n, t in enumerate(contents)]

    near = list(finder("change control").places(parts("One. A change.", "Control. Two.")))
    assert texts(near) == ["A change. | Control."]
    assert list(finder("change control").places(parts("A change.", "Nothing.", "Control."))) == []


def test_a_word_that_is_cut_between_two_chunks_is_found() -> None:
    """Where a text has no place to cut, a chunk ends in a word: Chinese without punctuation, for one."""
    text = "因" * 30 + "变更控制" + "款" * 30
    for cut in range(31, 34):
        parts = [TextPiece(0, cut, 1, "", text[:cut]), TextPiece(cut, len(text), 2, "", text[cut:])]
        for query in ("变更控制", '"变更控制"'):
            assert len(list(finder(query).places(parts))) == 1


def test_a_name_counts_with_its_words_apart() -> None:
    named = finder('"change of control"')
    assert named.is_named("2021_Change-of-Control.pdf")
    assert not named.is_named("Change.pdf")
    assert finder("leave policy").is_named("leave-policy-2026.pdf")


ENDINGS = (
    "s es ed ing ings ies ied y ly er ers or ation ations ational ator ate ive iveness iviti able ability ible ment "
    "ness ful fulness fully less lessly ous ously ousness al ally alism ality ize izer ization ance ence ancy ency ic "
    "ical icate ion tion sion ist ism ogy li bly eed eedly edly ingly nning dded"
).split()


@given(
    base=st.text(alphabet="aeioulnrstdgybcmpwxz019", min_size=1, max_size=7),
    endings=st.lists(st.sampled_from(ENDINGS), max_size=3),
)
def test_a_word_holds_the_letters_by_which_its_form_is_ruled_out(base: str, endings: list[str]) -> None:
    """A document must not be lost because its words were not looked at."""
    word = base + "".join(endings)
    for form in analyser().analyze(word):
        assert form_needle(form) in word


def test_words_that_do_not_begin_as_their_form_have_no_such_letters() -> None:
    words = "dying lying tying skies idly gently ugly early only singly happy hoping flies cries generously".split()
    for word in words:
        (form,) = analyser().analyze(word)
        assert form_needle(form) in word
        assert len(places(word, f"They were {word} — “so to say”.")) == 1


WORDS = st.lists(st.sampled_from("change control Lease. and the end\n\n rent, stop! über 变更".split(" ")), max_size=60)


@given(words=WORDS, max_chars=st.integers(8, 60), query=st.sampled_from(["change", "change control", "lease rent"]))
def test_places_are_exact_slices_and_no_document_with_the_words_close_by_is_lost(
    words: list[str], max_chars: int, query: str
) -> None:
    text = " ".join(words)
    found = places(query, text, max_chars=max_chars)
    for place in found:
        assert text[place.start : place.end] == place.text
        assert place.rest is None or text[place.rest.start : place.rest.end] == place.rest.text
    wanted = set(query.split())
    chunks = [p.text for p in pieces(text, max_chars=max_chars)]
    windows = [chunks[at : at + 2] for at in range(len(chunks))]
    close = any(wanted <= set(re.findall(r"\w+", " ".join(window).casefold())) for window in windows)
    assert bool(found) == close


@given(words=WORDS, max_chars=st.integers(30, 60))
def test_a_phrase_is_found_wherever_it_stands(words: list[str], max_chars: int) -> None:
    text = " ".join(words)
    assert bool(places('"change control"', text, max_chars=max_chars)) == bool(re.search(r"\bchange\s+control\b", text))
