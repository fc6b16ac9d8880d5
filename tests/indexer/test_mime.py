"""The parts of a mail: headers, bodies, bounds."""

from __future__ import annotations

import pytest
from effort import assert_grows_linearly
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.mail.mime import MimeReader, decoded_words, parameters, split_headers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain  words", "plain words"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= aus", "Grüße aus"),
        ("=?iso-8859-1?Q?Gr=FC?=\n =?iso-8859-1?Q?=DFe?=", "Grüße"),
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),
        ("=?no-such-charset?q?abc?=", "abc"),
        ("=?utf-8?b?####?=", "=?utf-8?b?####?="),
        ("=?iso-2022-jp?B?GyRCNVkySxsoQg==?=", "休暇"),
    ],
)
def test_encoded_words_are_decoded(written: str, read: str) -> None:
    if "####" in written:
        assert decoded_words(written) in (read, "")
    else:
        assert decoded_words(written) == read


def test_parameters_are_read_in_all_their_forms() -> None:
    pieces = "filename*0*=utf-8''Gr%C3%BC; filename*1*=%C3%9Fe; filename*2=\".pdf\""
    value = f'attachment; {pieces}; x="a\\"b; c"; X=second; y=plain'
    assert parameters(value) == {"filename": "Grüße.pdf", "x": 'a"b; c', "y": "plain"}


def test_headers_are_unfolded_and_the_first_of_a_name_counts() -> None:
    headers, body = split_headers(b"Subject: one\r\n two\r\nX: y\r\nsubject: three\r\nodd line\r\n\r\nbody\r\n")
    assert headers == {"subject": "one\n two", "x": "y"}
    assert body == b"body\r\n"
    assert split_headers(b"\nbody") == ({}, b"body")


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("base64", b"R3LD\r\nvMOf\r\nZQ=="),
        ("base64", b"R3LDvMOfZQ"),
        ("quoted-printable", b"Gr=C3=BC=\r\n=C3=9Fe"),
        ("8bit", "Grüße".encode()),
        ("x-unknown", "Grüße".encode()),
    ],
)
def test_bodies_are_unpacked(packing: str, body: bytes) -> None:
    head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {packing}\r\n\r\n".encode()
    assert MimeReader().read(head + body).text() == "Grüße"


def test_a_wrong_charset_is_not_believed() -> None:
    head = b"Content-Type: text/plain; charset=%s\n\n"
    assert MimeReader().read(head % b"us-ascii" + "Grüße".encode()).text() == "Grüße"
    assert MimeReader().read(head % b"gb2312" + "Grüße".encode("cp1252")).text() == "Grüße"
    assert MimeReader().read(head % b"iso-2022-jp" + "休暇".encode("iso2022_jp")).text() == "休暇"


def test_parts_stand_between_boundaries() -> None:
    head = b'Content-Type: multipart/mixed; boundary="a b"\r\n\r\npreamble\r\n'
    data = head + b"--a b\r\n\r\none\r\n--a bc\r\n--a b  \r\n\r\ntwo\r\n--a b--\r\nepilogue"
    assert [child.body for child in MimeReader().read(data).children] == [b"one\r\n--a bc", b"two"]
    cut = MimeReader().read(data[: data.index(b"two") + 3])
    assert [child.body for child in cut.children] == [b"one\r\n--a bc", b"two"]


def test_names_of_files_have_no_folders() -> None:
    entity = MimeReader().read(b'Content-Disposition: attachment; filename="C:\\\\x/../a\tb.txt"\n\nx')
    assert entity.file_name == "a b.txt"
    assert entity.is_attached


def test_depth_and_number_of_parts_are_bounded() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    reader = MimeReader()
    reader.read(deep + b"\nbottom")
    assert reader.is_cut
    reader = MimeReader()
    many = reader.read(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000)
    assert reader.is_cut
    assert len(many.children) < 3000


@pytest.mark.parametrize(
    ("before", "piece", "size"),
    [
        (b"Subject: ", b"=?utf-8?q?a?= ", 48_000),
        (b"Content-Type: a/b;", b" a=b;", 200_000),
        (b"", b"X: y\n", 48_000),
        (b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\n\nx\n", 48_000),
        (b"", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", 8_000),
    ],
)
def test_time_grows_with_the_mail_alone(before: bytes, piece: bytes, size: int) -> None:
    assert_grows_linearly(lambda n: MimeReader().read(before + piece * n + b"\n\n"), size=size)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail_of_some_kind(data: bytes) -> None:
    entity = MimeReader().read(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + data)
    for part in (entity, *entity.children):
        part.text()
        assert "/" in part.content_type
        assert "/" not in part.file_name
