"""How old a document is, by its name, its words, or its file."""

from __future__ import annotations

import pytest

from studiolo.document_dates import DocumentDate, date_in_name, date_of_document

MARCH_NS = 1_709_251_200 * 10**9  # 1 March 2024 in UTC


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("handbook-2023", "2023"),
        ("2024-03-05 minutes", "2024-03-05"),
        ("scan_20240305_112", "2024-03-05"),
        ("lease 31.03.2024", "2024-03-31"),
        ("policy_2024-03", "2024-03"),
        ("Report March 2024", "2024-03"),
        ("Haushalt März 2024", "2024-03"),
        ("budget 2023 to 2025", "2025"),
        ("invoice 10412", ""),
        ("v2", ""),
    ],
)
def test_a_name_is_read_as_exactly_as_it_says(name: str, date: str) -> None:
    assert date_in_name(name) == date


def test_the_name_counts_before_the_words_and_these_before_the_file() -> None:
    words = "Travel rules\nEffective 1 May 2022\nFounded in 1999."
    assert date_of_document("/hr/rules-2023.pdf", "", words, MARCH_NS) == DocumentDate("2023", "name")
    assert date_of_document("/hr/rules.pdf", "Rules 2021", words, MARCH_NS) == DocumentDate("2021", "text")
    assert date_of_document("/hr/rules.pdf", "", words, MARCH_NS) == DocumentDate("2022-05-01", "text")
    assert date_of_document("/hr/rules.pdf", "", "Founded in 1999.", MARCH_NS) == DocumentDate("2024-03-01", "file")


def test_a_date_in_a_folder_s_name_is_not_the_document_s() -> None:
    assert date_of_document("/2019/rules.pdf", "", "", MARCH_NS).source == "file"
