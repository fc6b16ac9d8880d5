"""LaTeX: what is printed; formulas as written; nothing is run."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.markup.latex import parse_latex

PAPER = r"""\documentclass[11pt]{article}\usepackage[utf8]{inputenc}
\newcommand{\sys}{DuckDB\xspace}
\newcommand{\foo}[1]{bar #1}
\title{On \emph{Ducks}}\author{Ada L\"ovelace \and Bob \v{S}ik\'a}\date{2024-01-02}

\begin{document}\maketitle
\begin{abstract}We study ducks with \sys.\end{abstract}
\section[short]{Intro \textbf{bold}}\label{sec:i}
Ducks \cite[p.~2]{a,b} weigh $m^2$ and 10\,\% of {\bf stuff}\footnote{A note.}. % comment
Cost is 5\$ \& \textcolor{red}{red} --- ok \ss{} \alpha{} \ldots

Next \unknown[opt]{shown}. \href{http://x}{link}, \verb|x_y|, ``quote''.
\begin{itemize}\item One \item[Two] two
\begin{enumerate} \item a \item b \end{enumerate}
\end{itemize}
\begin{table}\caption{Prices}\begin{tabular}{l|r}\hline Name & Price \\ \hline Basic & 1 \\[2pt]
\multicolumn{2}{c}{both} \\ \end{tabular}\end{table}
\[ E=mc^2 \] \begin{equation}\label{x}a=b\end{equation}
\begin{verbatim}
 code \foo
\end{verbatim}
\begin{theorem}[Main] It holds. \end{theorem}
\begin{comment}not printed\end{comment}
\begin{thebibliography}{9}\bibitem{a} Smith. \bibitem{b} Jones.\end{thebibliography}
\end{document}
ignored
"""


def text_of(source: str) -> str:
    return parse_latex(source.encode(), "a.tex").text


def test_a_paper_is_read_as_it_is_printed() -> None:
    document = parse_latex(PAPER.encode(), "a.tex")
    assert document.text == (
        "On Ducks\n\nAda Lövelace; Bob Šiká\n\nAbstract\n\nWe study ducks with DuckDB.\n\nIntro bold\n\n"
        "Ducks [a,b] weigh $m^2$ and 10 % of stuff (A note.). Cost is 5$ & red — ok ß α …\n\n"
        "Next shown. link, x_y, “quote”.\n\n- One\nTwo: two\n1. a\n2. b\n\nPrices\n\n"
        "Name | Price\nBasic | 1\nboth | both\n\n"
        "\\[ E=mc^2 \\] a=b\n\ncode \\foo\n\nTheorem (Main). It holds.\n\n- Smith.\n- Jones."
    )
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [
        (1, "On Ducks"), (4, "Abstract"), (4, "Intro bold"),
    ]  # fmt: skip
    assert [document.text[t.start : t.header_end] for t in document.tables] == ["Name | Price"]
    assert document.title == "On Ducks"
    assert document.properties == (("author", "Ada Lövelace; Bob Šiká"), ("created", "2024-01-02"))


def test_a_chapter_without_preamble_is_read() -> None:
    assert text_of("\\section{One}\nWords.") == "One\n\nWords."


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        (r"\"{o} \'e \c{c} \~n \^{\i}", "ö é ç ñ î"),
        (r"a\\b", "a\nb"),
        (r"\alpha beta", "αbeta"),
        ("a~b -- c", "a b – c"),
        ("costs 5$ and more", "costs 5$ and more"),
        (r"\href{x}", ""),
        (r"\section{never ended", "never ended"),
        ("a % b\n  c", "a c"),
        ("}} a {{ b", "a b"),
        (r"\begin{equation} a", "a"),
    ],
)
def test_small_things_are_printed_right(source: str, printed: str) -> None:
    assert text_of(source) == printed


def test_a_table_within_a_table_is_one_cell() -> None:
    inner = r"\begin{tabular}{l}x & y\\ z\end{tabular}"
    assert text_of(rf"\begin{{tabular}}{{ll}}Name & {inner} \\ Ada & 1\\\end{{tabular}}") == "Name | x y; z\nAda | 1"


def test_a_short_name_cannot_blow_up_a_file() -> None:
    source = "\\newcommand{\\a}{" + "word " * 19 + "}" + "\\a" * 60_000
    assert len(text_of(source)) < 2 * len(source) + 2**21


@pytest.mark.parametrize(
    "piece",
    [
        *["{", "}", "{\n\n", "$", "$x$", "$ ", "\\[", "\\begin{a}", "\\begin{equation}", "\\begin{tabular}{l}a&"],
        *[
            "\\item ",
            "\\section{",
            "\\footnote{x",
            "\\frac",
            "\\",
            "%",
            "\\verb|",
            "\\multicolumn{50}{c}{x}&",
            "[",
            "\\cite[",
        ],
    ],
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    assert_grows_linearly(lambda n: parse_latex((piece * n).encode(), "a.tex"), size=20_000)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_paper_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_latex, damaged(PAPER.encode(), seed), "a.tex")
