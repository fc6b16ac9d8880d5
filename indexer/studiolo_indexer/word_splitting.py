"""Prepares a text for the full-text index: what is written without spaces is cut into single letters and pairs; pure.

Scripts with spaces are left to the index's own tokenizer. Pairs of letters find Chinese, Japanese, Korean and Thai as
well as a dictionary of words does, and need none (docs/architecture.md has the figures).
"""

from __future__ import annotations

import re
import unicodedata

# Han with its extensions, Hiragana, Katakana, Hangul; Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_RUN = re.compile(f"[{_UNSPACED}]+")


def split_for_index(text: str) -> str:
    """Give what a chunk says with spaces between its words: single letters and pairs where the script has none."""
    return _RUN.sub(lambda run: f" {' '.join((*run[0], *_pairs(run[0])))} ", _normalised(text))


def split_for_query(text: str) -> str:
    """Give what is asked for in the same form: pairs alone, which say more; a letter where it stands alone."""
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]) or run[0])} ", _normalised(text))


def folded(text: str) -> str:
    """Give a text in small letters without accents, as the full text has it: a name may be written in two ways."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _normalised(text: str) -> str:
    """Full-width digits, ligatures and composed letters count as their plain forms; lone surrogates are dropped."""
    return unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
