"""Outlook's MSG, written here stream by stream: headers, text, attachments; bounded."""

from __future__ import annotations

import struct

import pytest
from damaged_files import assert_read_or_refused, assert_sound, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.mail.outlook import parse_msg
from studiolo_indexer.records import Document

END, FREE, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
Tree = dict[str, "bytes | Tree"]


def text(number: int, value: str) -> Tree:
    return {f"__substg1.0_{number:04X}001F": value.encode("utf-16-le")}


def numbers(values: dict[int, int], head: int) -> Tree:
    rows = b"".join(struct.pack("<HHIQ", 0x40, number, 6, value) for number, value in values.items())
    return {"__properties_version1.0": bytes(head) + rows}


def compound(tree: Tree) -> bytes:
    """Write an OLE2 file: 512-byte sectors; each stream is padded with zeros to 4 KB, so that none is a small one."""
    entries: list[bytes] = []
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        start = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        fat.extend([*range(start + 1, start + len(pieces)), END])
        return start

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le") + b"\0\0"
        head = coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), kind, 1, NONE, right, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    def add(name: str, node: bytes | Tree, right: int) -> int:
        if isinstance(node, bytes):
            data = node.ljust(4096, b"\0")
            made = entry(name, 2, right, NONE, store(data), len(data))
        else:
            child = NONE
            for inner in reversed(node):
                child = add(inner, node[inner], child)
            made = entry(name, 1, right, child, 0, 0)
        entries.append(made)
        return len(entries) - 1

    entries.append(b"")
    child = NONE
    for name in reversed(tree):
        child = add(name, tree[name], child)
    entries[0] = entry("Root Entry", 5, NONE, child, END, 0)
    directory = store(b"".join(entries).ljust((len(entries) + 3) // 4 * 512, b"\0"))
    tables = (len(sectors) + 127) // 127 + 1
    places = [len(sectors) + n for n in range(tables)]
    fat.extend([0xFFFFFFFD] * tables)
    table = b"".join(struct.pack("<I", value) for value in fat).ljust(tables * 512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4096, END, 0, END, 0)
    head += b"".join(struct.pack("<I", place) for place in places).ljust(436, b"\xff")
    return head + b"".join(sectors) + table


def message(**parts: bytes | Tree) -> Tree:
    return {
        **numbers({0x39: 133_500_000_000_000_000}, 32),
        **text(0x37, "Leave – days"), **text(0x1000, "Ten days.\r\n"), **text(0xC1A, "Ada"),
        **text(0x5D01, "ada@x.org"), **text(0xE04, "Bob; Eve"), **text(0xE03, "Zoe"), **text(0x1A, "IPM.Note"), **parts,
    }  # fmt: skip


def attachment(name: str, data: bytes | Tree) -> Tree:
    held: Tree = {"__substg1.0_37010102": data} if isinstance(data, bytes) else {"__substg1.0_3701000D": data}
    return {**numbers({0x3705: 1}, 8), **text(0x3707, name), **held}


def read(tree: Tree) -> Document:
    document = parse_msg(compound(tree), "a.msg")
    assert_sound(document)
    return document


def test_a_mail_is_its_headers_and_its_text() -> None:
    document = read(message())
    assert document.text == (
        "Leave – days\n\nFrom: Ada <ada@x.org>\nTo: Bob; Eve\nCc: Zoe\nDate: 2024-01-17T21:20:00+00:00\n\nTen days."
    )
    assert (document.title, [p.kind for p in document.parts]) == ("Leave – days", ["message"])
    assert document.properties == (("author", "Ada <ada@x.org>"), ("created", "2024-01-17T21:20:00+00:00"))


def test_the_headers_it_came_with_are_preferred() -> None:
    sent = "From: =?utf-8?q?Ad=C3=A4?= <a@x.org>\r\nTo: b@x.org\r\nDate: Fri, 22 Mar 2024 22:52:24 +0000\r\n"
    assert "From: Adä <a@x.org>\nTo: b@x.org\nCc: Zoe\nDate: Fri, 22 Mar" in read(message(**text(0x7D, sent))).text


def test_attachments_are_read_and_so_are_mails_within() -> None:
    table = b"Name,Days\n" + b"".join(b"Person %d,%d\n" % (n, n) for n in range(600))
    inner = {**message(**text(0x37, "Inner"), **text(0x1000, "Inner text.")), **numbers({0x39: 0}, 24)}
    document = read(
        message(
            **{
                "__attach_version1.0_#00000000": attachment("days.csv", table),
                "__attach_version1.0_#00000001": attachment("", inner),
            }
        )
    )
    assert [p.label for p in document.parts] == ["Leave – days", "days.csv", "Inner"]
    assert "Attachments: days.csv, mail" in document.text
    assert "Inner text." in document.text


def test_a_page_is_read_where_there_is_no_text() -> None:
    page = "<html><p>Only a page, größer.</p></html>".encode("cp1252")
    tree = {**message(**{"__substg1.0_10130102": page}), **numbers({0x3FFD: 1252}, 32)}
    del tree["__substg1.0_1000001F"]
    assert read(tree).text.endswith("Only a page, größer.")


def test_an_encrypted_mail_is_named_as_such() -> None:
    with pytest.raises(FileFailure) as caught:
        read(message(**text(0x1A, "IPM.Note.SMIME")))
    assert caught.value.code == "file.password"


def test_streams_that_share_their_bytes_are_a_bomb() -> None:
    """S5: a directory may claim any number of streams over the same sectors."""
    data = bytearray(compound(message(**{f"x{n:03}": b"" for n in range(80)})))
    first = data.find("x000".encode("utf-16-le"))
    for n in range(80):
        place = data.find(f"x{n:03}".encode("utf-16-le"))
        data[place + 116 : place + 128] = data[first + 116 : first + 120] + struct.pack("<Q", 500_000)
    with pytest.raises(FileFailure) as caught:
        parse_msg(bytes(data), "a.msg")
    assert caught.value.code == "file.bomb"


def test_mails_within_mails_end_at_a_depth() -> None:
    tree = message()
    for _ in range(8):
        tree = message(**{"__attach_version1.0_#00000000": attachment("", tree)})
    with pytest.raises(FileFailure) as caught:
        read(tree)
    assert caught.value.code == "file.bomb"


@pytest.mark.parametrize("data", [b"", b"no mail", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000])
def test_what_is_no_mail_is_damaged(data: bytes) -> None:
    with pytest.raises(FileFailure) as caught:
        parse_msg(data, "a.msg")
    assert caught.value.code == "file.damaged"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_mail_is_read_or_refused(seed: int) -> None:
    data = compound(message(**{"__attach_version1.0_#00000000": attachment("days.csv", b"a,b\n" * 1200)}))
    assert_read_or_refused(parse_msg, damaged(data, seed), "a.msg")
