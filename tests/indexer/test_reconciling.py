"""The plan: what a scan saw against what is remembered."""

from __future__ import annotations

from studiolo_indexer.reconciling import compare
from studiolo_indexer.records import FileProblem, FileStamp, FileState, KnownFile
from studiolo_indexer.scanning import Entry


def known(path: bytes, *, inode: int = 1, state: FileState = "indexed", **changes: object) -> KnownFile:
    values: dict[str, object] = {
        "doc_id": path.hex(), "folder_id": 1, "path": path, "state": state, "code": None,
        "stamp": FileStamp(10, 100, inode), "sha256": "s", "generation": 1, "embedder": "e", "chunks": 1, "attempts": 0,
    } | changes  # fmt: skip
    return KnownFile(**values)  # type: ignore[arg-type]  # the values above have the fields' types


def entry(path: bytes, *, inode: int = 1, mtime_ns: int = 100, problem: FileProblem | None = None) -> Entry:
    return Entry(path, FileStamp(10, mtime_ns, inode), problem)


def remembered(*files: KnownFile) -> dict[bytes, KnownFile]:
    return {f.path: f for f in files}


def test_the_same_stamp_is_unchanged_only_while_it_is_trusted() -> None:
    trusted = compare([entry(b"/a")], remembered(known(b"/a")))
    fresh = known(b"/a", stamp=FileStamp(10, 100, 1, settled=False))
    doubted = compare([entry(b"/a")], remembered(fresh))
    assert (trusted.unchanged, len(trusted.candidates)) == (1, 0)
    assert (doubted.unchanged, len(doubted.candidates)) == (0, 1)


def test_a_document_that_waits_for_vectors_or_pages_is_not_read_for_it() -> None:
    """R21: a change of the embedder reads no file."""
    for code in ("file.vectors_waiting", "file.ocr_waiting"):
        waits = known(b"/a", state="pending", code=code)
        assert compare([entry(b"/a")], remembered(waits)).unchanged == 1


def test_a_rename_is_a_move_and_a_new_file_is_not() -> None:
    plan = compare([entry(b"/new", inode=7), entry(b"/b", inode=8)], remembered(known(b"/old", inode=7)))
    assert [(f.path, e.path) for f, e in plan.moved] == [(b"/old", b"/new")]
    assert [e.path for e, _ in plan.candidates] == [b"/b"]
    assert plan.vanished == []


def test_a_rename_to_another_suffix_is_read_again() -> None:
    """Its parser is chosen by the suffix: what one reads as paragraphs, another reads as one."""
    old = known(b"/old.html", inode=7)
    plan = compare([entry(b"/old.md", inode=7)], remembered(old))
    assert (plan.moved, [e.path for e, _ in plan.candidates], plan.vanished) == ([], [b"/old.md"], [old])
    assert compare([entry(b"/new.HTML", inode=7)], remembered(old)).moved


def test_what_is_gone_is_vanished() -> None:
    assert [f.path for f in compare([], remembered(known(b"/a"))).vanished] == [b"/a"]


def test_a_failed_file_waits_for_a_change_unless_it_could_not_be_opened() -> None:
    damaged = known(b"/a", state="failed", code="file.damaged", generation=0)
    closed = known(b"/b", state="failed", code="file.unreadable", generation=0)
    plan = compare([entry(b"/a"), entry(b"/b")], remembered(damaged, closed))
    assert (plan.unchanged, [e.path for e, _ in plan.candidates]) == (1, [b"/b"])


def test_a_file_that_was_in_hand_at_a_crash_comes_last() -> None:
    poison = known(b"/a", state="pending", attempts=1)
    plan = compare([entry(b"/a"), entry(b"/b")], remembered(poison))
    assert [e.path for e, _ in plan.candidates] == [b"/b", b"/a"]


def test_a_skip_is_written_once() -> None:
    problem = FileProblem("file.unsupported", "Not yet.")
    first = compare([entry(b"/a", problem=problem)], {})
    skipped = known(b"/a", state="skipped", code="file.unsupported", generation=0)
    again = compare([entry(b"/a", problem=problem)], remembered(skipped))
    assert (len(first.skipped), len(again.skipped), again.unchanged) == (1, 0, 1)
