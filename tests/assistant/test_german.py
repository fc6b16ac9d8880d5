"""Questions about German sentences."""

from __future__ import annotations

import pytest

from studiolo.drafting.german import german_proposals
from studiolo.drafting.statements import statements


def best(sentence: str) -> tuple[str, str, str] | None:
    (statement,) = statements(sentence)
    assert statement.language == "de"
    found = german_proposals(statement, sentence)
    return (found[0].kind, found[0].question, statement.flat[found[0].start : found[0].end]) if found else None


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "answer"),
    [
        ("Die K\u00fcndigungsfrist betr\u00e4gt drei Monate zum Monatsende.", "figure",
         "Wie viel betr\u00e4gt die K\u00fcndigungsfrist zum Monatsende?", "drei Monate"),
        ("Der Versicherte muss einen Schaden innerhalb von 14 Tagen melden.", "figure",
         "Innerhalb von wie vielen Tagen muss der Versicherte einen Schaden melden?", "14 Tagen"),
        ("Der Antrag auf Urlaub muss bis zum 15. Dezember gestellt werden.", "date",
         "Bis wann muss der Antrag auf Urlaub gestellt werden?", "15. Dezember"),
        ("Im Jahr 1998 wurde die Gesellschaft in K\u00f6ln gegr\u00fcndet.", "date",
         "Wann wurde die Gesellschaft in K\u00f6ln gegr\u00fcndet?", "1998"),
        ("Ein Arbeitsunfall ist ein Unfall bei der Arbeit oder auf dem Weg.", "definition",
         "Was ist ein Arbeitsunfall?", "ein Unfall bei der Arbeit oder auf dem Weg"),
        ("Die Hausordnung wird in der Regel vom Verwalter erlassen.", "name",
         "Von wem wird die Hausordnung in der Regel erlassen?", "Verwalter"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_for_what_it_states(sentence: str, kind: str, question: str, answer: str) -> None:
    assert best(sentence) == (kind, question, answer)


@pytest.mark.parametrize(
    "sentence",
    [
        "Wenn ein Schaden eintritt, muss der Versicherte die Polizei verst\u00e4ndigen.",
        "In der Galerie ist ein Bild dieser Veranstaltung zu finden.",
        "Die Sammlung ist die gr\u00f6\u00dfte in der Stadt und umfasst 14.000 Kost\u00fcme.",
    ],
)
def test_a_sentence_that_does_not_fit_is_left_alone(sentence: str) -> None:
    assert best(sentence) is None
