"""Text in any encoding: marks, UTF-8, what a file declares, and guesses."""

from __future__ import annotations

import subprocess
import sys

import pytest
from effort import assert_grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.decoding import decode, known_encoding

GERMAN = "Der Urlaub von zehn Tagen darf übertragen werden. Für Bücher gilt: größer ist schöner. " * 5
POLISH = "Zażółć gęślą jaźń. Urlop wynosi dziesięć dni i można go przenieść na następny rok. " * 5
RUSSIAN = "Отпуск составляет десять дней, его можно перенести на следующий год. " * 5
JAPANESE = "休暇は十日間で、翌年に繰り越すことができます。書類は人事部に提出してください。\n" * 5
CHINESE = "年假为十天，可以结转到下一年。请将申请表提交给人力资源部门。\n" * 5
KOREAN = "휴가는 열흘이며 다음 해로 이월할 수 있습니다. 신청서는 인사부에 제출하십시오.\n" * 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(GERMAN, e) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")],
        *[(GERMAN, e) for e in ("cp1252", "iso-8859-1", "cp850", "mac_roman", "utf-32-be")],
        *[(POLISH, e) for e in ("cp1250", "iso-8859-2", "utf-16-le")],
        *[(RUSSIAN, e) for e in ("cp1251", "koi8-r", "cp866", "iso-8859-5", "utf-16-be")],
        *[(JAPANESE, e) for e in ("cp932", "euc_jp", "iso2022_jp", "utf-16-le")],
        *[(CHINESE, e) for e in ("gb18030", "utf-16-le")],
        *[(KOREAN, e) for e in ("cp949", "iso2022_kr")],
    ],
)
def test_a_text_is_decoded_whatever_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("line", ["Müller\n", "Größe: 5 µm", "café", "£ 5", "naïve “quotes” – dash", "Straße 5"])
def test_a_single_line_of_the_west_is_read_as_windows_wrote_it(line: str) -> None:
    assert decode(line.encode("cp1252"))[0] == line


def test_an_old_mac_s_apostrophe_is_an_apostrophe() -> None:
    text = "the printer's name is Bob's, and it doesn't print\n"
    assert decode(text.replace("'", "’").encode("mac_roman"))[0] == text.replace("'", "’")


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="{}"?>', '<meta charset="{}">', "# -*- coding: {} -*-", "\\usepackage[{}]"]
)
def test_what_a_file_declares_is_believed_before_a_guess(head: str) -> None:
    text = head.format("iso-8859-7") + " ώ"
    assert decode(text.encode("iso-8859-7")) == (text, "iso8859-7")


def test_a_declared_encoding_that_does_not_fit_is_not_believed() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>' + GERMAN
    assert decode(text.encode("cp1252"))[0] == text
    assert decode(JAPANESE.encode("euc_jp"), declared="ascii")[0] == JAPANESE
    assert decode(GERMAN.encode(), declared="no-such-encoding")[0] == GERMAN


def test_latin_1_means_what_windows_made_of_it() -> None:
    text = "“quoted” – 5 €"
    assert decode(text.encode("cp1252"), declared="iso-8859-1") == (text, "cp1252")


def test_utf8_with_a_few_wrong_bytes_stays_utf8() -> None:
    assert decode(GERMAN.encode() + b"\xff" + GERMAN.encode())[0] == f"{GERMAN}\ufffd{GERMAN}"
    assert decode("größe ü".encode()[:-1])[0] == "größe \ufffd"


def test_codecs_that_are_no_encoding_of_a_text_are_unknown() -> None:
    for name in (
        "base64",
        "rot13",
        "zlib",
        "unicode_escape",
        "idna",
        "punycode",
        "undefined",
        "utf-16",
        "../x",
        "a\0b",
    ):
        assert known_encoding(name) == ""
    assert known_encoding("latin1") == "iso8859-1"


def test_line_ends_become_one_and_binary_is_no_text() -> None:
    assert decode(b"a\r\nb\rc")[0] == "a\nb\nc"
    for binary in (b"\0\1\2\3" * 1000, bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + bytes(2000)):
        with pytest.raises(FileFailure) as caught:
            decode(binary)
        assert caught.value.code == "file.damaged"


def test_a_file_with_a_few_nul_bytes_is_read_without_them() -> None:
    assert decode(b"words " * 100 + b"\0")[0].endswith("\ufffd")


def test_the_first_odd_byte_may_stand_far_behind() -> None:
    text = "plain words\n" * 40_000 + RUSSIAN
    assert decode(text.encode("cp1251"))[0] == text


def test_no_detector_is_loaded_for_utf8() -> None:
    code = (
        "import sys; from studiolo_indexer.parsers.decoding import decode; decode('größer'.encode());"
        "print([n for n in ('chardet', 'charset_normalizer') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_safe_text_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except FileFailure as failure:
        assert failure.code == "file.damaged"
    else:
        assert encoding
        assert "\0" not in text
        text.encode("utf-8")


def test_time_grows_with_a_line_in_an_old_encoding_alone() -> None:
    def work(size: int) -> None:
        data = GERMAN.encode("cp1252") * size
        assert len(decode(data)[0]) == len(data)

    assert_grows_linearly(work, size=10_000)
