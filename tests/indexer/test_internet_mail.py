"""Mail: headers, text, attachments read as files; encrypted ones named; depth bounded."""

from __future__ import annotations

import io
from email.message import EmailMessage
from typing import Any

import docx
import pytest
from damaged_files import assert_read_or_refused, assert_sound, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.mail.internet_mail import Piece, parse_eml, parse_mbox, preferred
from studiolo_indexer.records import Document


def mail(text: str = "Ten days.\n\n> quoted\n", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {
        "From": "Ada <ada@x.org>",
        "To": "Bob <bob@x.org>",
        "Subject": "Leave – days",
        **headers,
    }.items():
        message[name] = value
    message.set_content(text)
    return message


def read(message: EmailMessage) -> Document:
    document = parse_eml(bytes(message), "a.eml")
    assert_sound(document)
    return document


def labels(document: Document) -> list[str]:
    assert {p.kind for p in document.parts} == {"message"}
    return [p.label for p in document.parts]


def test_a_mail_is_its_headers_and_its_text() -> None:
    document = read(mail(Cc="Eve <eve@x.org>", Date="Fri, 22 Mar 2024 22:52:24 +0000"))
    assert document.text == (
        "Leave – days\n\nFrom: Ada <ada@x.org>\nTo: Bob <bob@x.org>\nCc: Eve <eve@x.org>\n"
        "Date: Fri, 22 Mar 2024 22:52:24 +0000\n\nTen days.\n\n> quoted"
    )
    assert (document.title, labels(document)) == ("Leave – days", ["Leave – days"])
    assert document.properties == (("author", "Ada <ada@x.org>"), ("created", "2024-03-22T22:52:24+00:00"))


def test_attachments_are_read_as_the_files_that_they_are() -> None:
    message = mail()
    word = docx.Document()
    word.add_heading("Annex", level=1)
    word.add_paragraph("Carried over until March.")
    stream = io.BytesIO()
    word.save(stream)
    message.add_attachment(stream.getvalue(), maintype="application", subtype="octet-stream", filename="Anhang ü.docx")
    message.add_attachment("Name,Days\nAda,10\n", subtype="csv", filename="days.csv")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="x-odd", filename="logo.xyz")
    document = read(message)
    assert labels(document) == ["Leave – days", "Anhang ü.docx", "days.csv"]
    assert "Attachments: Anhang ü.docx, days.csv, logo.xyz" in document.text
    assert "Annex\n\nCarried over until March." in document.text
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "Leave – days"), (2, "Annex")]
    assert [document.text[t.start : t.header_end] for t in document.tables] == ["Name,Days"]


def test_a_damaged_attachment_fails_alone() -> None:
    message = mail()
    message.add_attachment(b"no pdf at all", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(b"PK\x03\x04 no zip", maintype="application", subtype="x", filename="b.docx")
    document = read(message)
    assert labels(document) == ["Leave – days"]
    assert [w.partition(":")[0] for w in document.warnings] == ["attachment a.pdf", "attachment b.docx"]


def test_a_mail_within_a_mail_is_a_part() -> None:
    inner = mail("Inner text.", **{"Subject": "Inner"})
    outer = mail()
    outer.add_attachment(inner)
    assert labels(read(outer)) == ["Leave – days", "Inner"]


def test_mails_within_mails_end_at_a_depth() -> None:
    """3,000 levels, of multiparts and of messages."""
    deep = b"Subject: s\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    messages = b"Subject: s\nContent-Type: message/rfc822\n\n" * 3000 + b"Subject: s\n\nx"
    for data in (deep + b"\nx", messages):
        assert "nested too deeply" in parse_eml(data, "a.eml").warnings[0]


def test_the_text_is_preferred_to_the_page_unless_it_says_little() -> None:
    page = "<p>" + "many words of the real mail " * 9 + "</p>"
    message = mail("The same words of the mail, as plain text. " * 9)
    message.add_alternative(page, subtype="html")
    assert "many words" not in read(message).text
    stub = mail("See this mail in a browser.")
    stub.add_alternative(page, subtype="html")
    assert "many words" in read(stub).text
    assert preferred([], [Piece("x", is_page=True)]) == [Piece("x", is_page=True)]


def test_a_mail_of_a_page_alone_is_read_as_a_page() -> None:
    message = EmailMessage()
    message["Subject"] = "S"
    message.set_content("<h1>Title</h1><div style='display:none'>hidden words</div><p>Text.</p>", subtype="html")
    document = read(message)
    assert document.text == "S\n\nTitle\n\nText."
    assert [h.level for h in document.headings] == [1, 2]
    assert "hidden text" in document.warnings[0]


def test_a_footer_behind_a_page_does_not_replace_it() -> None:
    message = EmailMessage()
    message["Subject"] = "S"
    message.set_content("<p>The page.</p>", subtype="html")
    message.make_mixed()
    footer = EmailMessage()
    footer.set_content("List footer. " * 40)
    message.attach(footer)
    assert read(message).text.startswith("S\n\nThe page.\n\nList footer.")


@pytest.mark.parametrize(
    "kind", ["multipart/encrypted; boundary=b", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"]
)
def test_an_encrypted_mail_is_named_as_such(kind: str) -> None:
    with pytest.raises(FileFailure) as caught:
        parse_eml(f"Subject: s\nContent-Type: {kind}\n\n--b\n\nx\n".encode(), "a.eml")
    assert caught.value.code == "file.password"


def test_what_is_no_mail_is_damaged() -> None:
    for data in (b"", b"just words\n\nmore", b"X-A: b\n\nbody"):
        with pytest.raises(FileFailure) as caught:
            parse_eml(data, "a.eml")
        assert caught.value.code == "file.damaged"


def test_a_page_saved_as_mht_is_read() -> None:
    mht = (
        b"From: <Saved by Browser>\nSubject: Leave\nContent-Type: multipart/related; boundary=b\n\n"
        b"--b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>Ten=20days</p>\n"
        b"--b\nContent-Type: image/png\nContent-ID: <x>\n\nPNG\n--b--"
    )
    assert "Ten days" in parse_eml(mht, "a.mht").text


def test_each_mail_of_a_mailbox_is_a_part() -> None:
    begin = b"From ada@x.org Fri Mar 22 22:52:24 2024\nFrom: ada@x.org\n"
    text = b">From here on.\nFrom there.\n\n"
    box = b"".join(begin + b"Subject: =?utf-8?q?M=C3=A4rz?= %d\n\n" % n + text for n in range(3))
    document = parse_mbox(box, "a.mbox")
    assert_sound(document)
    assert labels(document) == ["März 0", "März 1", "März 2"]
    assert document.text.count("\n\nFrom here on.\nFrom there.") == 3
    assert document.title == ""


def test_a_mailbox_without_mails_is_damaged() -> None:
    with pytest.raises(FileFailure) as caught:
        parse_mbox(b"From nowhere\n\nFrom here", "a.mbox")
    assert caught.value.code == "file.damaged"


def whole() -> bytes:
    message: Any = mail(Date="Fri, 22 Mar 2024 22:52:24 +0000")  # Any: the library's types are loose
    message.add_alternative("<p>Ten days.</p>", subtype="html")
    message.add_attachment("a,b\n1,2\n", subtype="csv", filename="days.csv")
    message.add_attachment(mail("Inner."))
    return bytes(message)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_mail_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_eml, damaged(whole(), seed), "a.eml")
    assert_read_or_refused(parse_mbox, damaged(b"From a@b Fri\n" + whole(), seed), "a.mbox")
