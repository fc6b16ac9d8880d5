"""Numbers of lists in the forms that word processors know: 4, iv, D, d, 04; pure."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 4000
_ALPHABET = 26


def numeral(value: int, form: str) -> str:
    """Write a number in a form, named as in DOCX (`lowerRoman`); digits where the form is not known."""
    written = {"lowerRoman": roman, "upperRoman": roman, "lowerLetter": letters, "upperLetter": letters}.get(form)
    if written is not None:
        text = written(value)
        return text.upper() if form.startswith("upper") else text
    if form == "none":
        return ""
    return f"{value:02}" if form == "decimalZero" else str(value)


def roman(value: int) -> str:
    """Write a number in small Roman digits; in ours where there are none for it."""
    if not 0 < value < _MOST_ROMAN:
        return str(value)
    text = ""
    for worth, digits in _ROMAN:
        count, value = divmod(value, worth)
        text += digits * count
    return text


def letters(value: int) -> str:
    """Write a number as a to z, then aa, bb to zz, as word processors do; in digits where it is absurd."""
    if not 0 < value <= _ALPHABET * 10:
        return str(value)
    count, place = divmod(value - 1, _ALPHABET)
    return chr(ord("a") + place) * (count + 1)
