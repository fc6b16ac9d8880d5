"""What the window is shown: the ledger in slices, a place in a file with its words marked, and nothing from outside."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx
import pytest
from pdf_files import drawn, lines
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError
from studiolo.index_desk import IndexDesk
from studiolo.messages import Request
from studiolo.paths import AppPaths
from studiolo.view_desk import ViewDesk
from studiolo.workspace import Workspace
from studiolo_indexer.errors import FileFailure, FileUnknown, FilterBad
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.records import PageImage
from studiolo_models.errors import ModelMissing
from studiolo_models.fakes import FakeEmbedder

PDF = Path(__file__).resolve().parents[2] / "examples" / "hr" / "leave-policy-2026.pdf"
N_TEXTS = 12


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A PDF of several pages, a dozen texts and a damaged file, in two collections."""
    root = tmp_path_factory.mktemp("docs")
    for name in ("hr", "notes"):
        (root / name).mkdir()
    shutil.copy(PDF, root / "hr" / "leave.pdf")
    (root / "hr" / "broken.pdf").write_text("%PDF-1.7 no")
    show = pptx.Presentation()
    for title in ("Leave policy", "Sick leave"):
        slide = show.slides.add_slide(show.slide_layouts[0])
        assert slide.shapes.title is not None
        slide.shapes.title.text = title
    show.save(str(root / "hr" / "leave.pptx"))
    for n in range(N_TEXTS):
        (root / "notes" / f"{n:02}.md").write_text(f"# Note {n}\n\nThe canteen 𝄞 is open at {n} o'clock.\n")
    workspace = Workspace(AppPaths(tmp_path_factory.mktemp("home")))
    workspace._embedder = FakeEmbedder()
    desk = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    for name, collection in (("hr", "documents"), ("notes", "notes")):
        desk.handle(messages.AddFolder(id="a", path=str(root / name), collection=collection), Job())
    desk.handle(messages.Sync(id="s"), Job())
    desk.close()
    return workspace


@pytest.fixture(scope="module")
def desk(indexed: Workspace) -> Iterator[ViewDesk]:
    made = ViewDesk(indexed)
    yield made
    made.close()


def do(desk: ViewDesk, request: Request) -> Json:
    return desk.handle(request, Job())


def path_of(desk: ViewDesk, name: str) -> str:
    rows = do(desk, messages.Files(id="f"))["rows"]
    return next(str(row["path"]) for row in rows if Path(row["path"]).name == name)


def sha256_of(desk: ViewDesk, path: str) -> str:
    rows = do(desk, messages.Files(id="f"))["rows"]
    return next(str(row["sha256"]) for row in rows if row["path"] == path)


# ---- the ledger --------------------------------------------------------------------------------------------------


def test_slices_of_the_ledger_join_to_the_whole(desk: ViewDesk) -> None:
    """R12: every file, once."""
    whole = do(desk, messages.Files(id="f"))
    assert (whole["total"], len(whole["rows"])) == (N_TEXTS + 3, N_TEXTS + 3)
    joined = []
    for offset in range(0, N_TEXTS + 3, 5):
        part = do(desk, messages.Files(id="f", offset=offset, limit=5))
        assert part["total"] == N_TEXTS + 3
        joined += part["rows"]
    assert joined == whole["rows"]


@pytest.mark.parametrize(
    ("state", "collection", "total"),
    [("failed", None, 1), ("indexed", None, N_TEXTS + 2), (None, "notes", N_TEXTS), ("failed", "notes", 0)],
)
def test_the_ledger_is_told_by_state_and_collection(
    desk: ViewDesk, state: str | None, collection: str | None, total: int
) -> None:
    found = do(desk, messages.Files(id="f", state=state, collection=collection, limit=3))
    assert (found["total"], len(found["rows"])) == (total, min(total, 3))


@pytest.mark.parametrize(("offset", "limit"), [(-5, 3), (10**30, 3), (0, -1), (0, 10**30), (3, 0)])
def test_no_number_of_a_request_is_too_much(desk: ViewDesk, offset: int, limit: int) -> None:
    found = do(desk, messages.Files(id="f", offset=offset, limit=limit))
    assert found["total"] == N_TEXTS + 3


def test_an_unknown_state_is_named(desk: ViewDesk) -> None:
    with pytest.raises(AssistantError) as caught:
        do(desk, messages.Files(id="f", state="flying"))
    assert caught.value.code == "question.bad_state"


def test_an_original_is_opened_and_shown_only_as_a_file_of_the_ledger(desk: ViewDesk, tmp_path: Path) -> None:
    """S11; what is refused, and why: tests/indexer/test_originals.py."""
    path = path_of(desk, "leave.pdf")
    place = {"path": path, "folder": str(Path(path).parent)}
    assert do(desk, messages.Original(id="o", path=path)) == place
    assert do(desk, messages.Original(id="o", path=path, show=True)) == place
    for wrong in (str(tmp_path), "/etc/passwd", f"{path}/../leave.pdf"):
        with pytest.raises(FileUnknown):
            do(desk, messages.Original(id="o", path=wrong, show=True))


def test_the_styles_are_listed_with_what_uses_them(desk: ViewDesk, indexed: Workspace) -> None:
    indexed.paths.styles.write_text('[collections]\nhr = "letter"\n[styles.memo]\nmax_words = 9\n')
    found = do(desk, messages.Styles(id="s"))
    indexed.paths.styles.unlink()
    assert [s["name"] for s in found["styles"]] == ["standard", "short", "detailed", "table", "letter", "memo"]
    assert (found["default"], found["collections"]) == ("standard", {"hr": "letter"})
    assert (found["styles"][-1]["max_words"], found["styles"][-1]["required"]) == (9, [])


def test_status_tells_collections_folders_counts_and_what_goes_on(indexed: Workspace) -> None:
    desk = ViewDesk(indexed, activity=lambda: {"indexing": True, "paused": False, "speed": "gentle"})
    status = do(desk, messages.Status(id="s"))
    desk.close()
    assert [c["name"] for c in status["collections"]] == ["documents", "notes"]
    documents = status["collections"][0]
    assert documents["files"] == {"on_disk": 3, "indexed": 2, "skipped": 0, "failed": 1, "pending": 0}
    assert [f["offline_since"] for f in documents["folders"]] == [None]
    assert [f["files"] for f in documents["folders"]] == [documents["files"]]
    assert (status["indexing"], status["paused"], status["speed"]) == (True, False, "gentle")


def test_hello_names_version_models_and_that_this_process_is_not_offline(desk: ViewDesk) -> None:
    hello = do(desk, messages.Hello(id="h"))
    assert hello["protocol"] == messages.PROTOCOL
    assert hello["offline"]["verified"] is False
    assert {f["check"] for f in hello["offline"]["findings"]} >= {"no IPv4 socket", "no listening socket"}
    assert hello["adapter"] is None


# ---- a place in a file -------------------------------------------------------------------------------------------


def test_a_page_is_drawn_with_boxes_around_the_quoted_words(desk: ViewDesk) -> None:
    """R17: a click opens the right page with the words marked."""
    path = path_of(desk, "leave.pdf")
    text = do(desk, messages.Text(id="t", path=path))
    start = text["parts"][1]["start"] + 40
    quote = text["text"][start : start + 60]
    view = do(
        desk,
        messages.View(
            id="v", path=path, page=2, start=start, end=start + 60, quote=quote, sha256=sha256_of(desk, path), width=700
        ),
    )
    assert (view["kind"], view["page"], view["pages"], view["stale"]) == ("page", 2, text["pages"], False)
    assert base64.b64decode(view["png"]).startswith(b"\x89PNG")
    assert view["width"] == pytest.approx(700, abs=1)
    assert view["boxes"]
    for x, y, width, height in view["boxes"]:
        assert x >= -1
        assert y >= -1
        assert width > 0
        assert height > 0
        assert x + width <= view["width"] + 1
        assert y + height <= view["height"] + 1


def test_what_only_old_files_need_rests_after_every_view(desk: ViewDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice would else hold its memory until the window is closed."""
    rested = []

    def rest(extractor: Extractor) -> None:
        rested.append(extractor)

    monkeypatch.setattr(Extractor, "rest", rest)
    path = path_of(desk, "leave.pptx")
    do(desk, messages.View(id="v", path=path, page=1))
    assert rested


def test_a_slide_is_drawn_with_boxes_around_the_quoted_words(desk: ViewDesk) -> None:
    path = path_of(desk, "leave.pptx")
    text = do(desk, messages.Text(id="t", path=path))
    part = text["parts"][1]
    for quote in ("Sick leave", ""):
        view = do(
            desk, messages.View(id="v", path=path, page=2, start=part["start"], end=part["end"], quote=quote, width=700)
        )
        assert (view["kind"], view["page"], view["pages"], view["width"]) == ("page", 2, 2, 700)
        assert len(view["boxes"]) == 1, quote


@pytest.mark.parametrize(("asked", "width"), [(1, 100), (-7, 100), (10**9, 4000)])
def test_the_size_of_a_picture_is_bounded(desk: ViewDesk, asked: int, width: int) -> None:
    view = do(desk, messages.View(id="v", path=path_of(desk, "leave.pdf"), page=1, width=asked))
    assert view["width"] == pytest.approx(width, abs=1)


@pytest.mark.parametrize("page", [999, 10**30, -3])
def test_a_page_that_is_not_there_is_a_fault_with_a_code_or_a_page(desk: ViewDesk, page: int) -> None:
    request = messages.View(id="v", path=path_of(desk, "leave.pdf"), page=page)
    try:
        view = do(desk, request)
    except FileFailure as failure:
        assert failure.code.startswith("file.")
    else:
        assert 1 <= view["page"] <= view["pages"]
    assert do(desk, messages.View(id="v", path=request.path, page=1))["page"] == 1


def test_a_page_of_another_version_is_stale_and_marks_nothing(desk: ViewDesk) -> None:
    """Offsets belong to the version that was indexed."""
    path = path_of(desk, "leave.pdf")
    view = do(desk, messages.View(id="v", path=path, page=1, start=0, end=50, sha256="00" * 32))
    assert (view["stale"], view["boxes"]) == (True, [])


def test_a_text_is_shown_whole_with_its_span(desk: ViewDesk) -> None:
    """Offsets count code points: the clef before the words takes two in UTF-16."""
    path = path_of(desk, "07.md")
    text = do(desk, messages.Text(id="t", path=path))["text"]
    start = text.index("open at 7")
    view = do(
        desk,
        messages.View(id="v", path=path, start=start, end=start + 9, quote="open at 7", sha256=sha256_of(desk, path)),
    )
    assert (view["kind"], view["text"], view["stale"]) == ("text", text, False)
    assert view["text"][view["start"] : view["end"]] == "open at 7"


def test_words_that_have_moved_are_found_again_and_the_view_is_stale(desk: ViewDesk) -> None:
    """Promise 2."""
    path = path_of(desk, "08.md")
    request = messages.View(id="v", path=path, start=12, end=21, quote="open at 8", sha256=sha256_of(desk, path))
    file = Path(path)
    before = file.read_text()
    try:
        file.write_text("A new first line.\n\n" + before)
        moved = do(desk, request)
        assert moved["stale"]
        assert moved["text"][moved["start"] : moved["end"]] == "open at 8"
        file.write_text("Nothing of it is left.")
        lost = do(desk, request)
        assert (lost["stale"], lost["start"], lost["end"]) == (True, 0, 0)
    finally:
        file.write_text(before)


@pytest.mark.parametrize(("start", "end"), [(-5, 3), (10**9, 10**9 + 5), (5, 2), (0, 10**30)])
def test_a_span_out_of_range_becomes_one_in_range(desk: ViewDesk, start: int, end: int) -> None:
    view = do(desk, messages.View(id="v", path=path_of(desk, "01.md"), start=start, end=end))
    assert 0 <= view["start"] <= view["end"] <= len(view["text"])


# ---- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/etc/passwd", "{root}", "{root}/../hr/../../secret.txt", "{root}/new.md", "{home}"])
def test_a_path_outside_the_ledger_is_not_shown(desk: ViewDesk, indexed: Workspace, tmp_path: Path, place: str) -> None:
    """S9, S11: what a model or a document names is no reason to open it."""
    root = Path(path_of(desk, "01.md")).parent
    (root.parent / "secret.txt").write_text("Secret.")
    with pytest.raises(FileUnknown):
        do(desk, messages.View(id="v", path=place.format(root=root, home=indexed.paths.settings)))


def test_a_file_that_was_replaced_by_a_link_is_not_followed(desk: ViewDesk, tmp_path: Path) -> None:
    """S12."""
    file = Path(path_of(desk, "09.md"))
    before = file.read_bytes()
    (tmp_path / "secret.txt").write_text("Secret.")
    file.unlink()
    file.symlink_to(tmp_path / "secret.txt")
    try:
        with pytest.raises(FileFailure):
            do(desk, messages.View(id="v", path=str(file)))
    finally:
        file.unlink()
        file.write_bytes(before)


def test_a_file_that_is_damaged_or_gone_is_named_and_the_next_is_shown(desk: ViewDesk) -> None:
    gone = Path(path_of(desk, "10.md"))
    before = gone.read_bytes()
    gone.unlink()
    try:
        for path, code in ((path_of(desk, "broken.pdf"), "file.damaged"), (str(gone), "file.vanished")):
            with pytest.raises(FileFailure) as caught:
                do(desk, messages.View(id="v", path=path, page=1))
            assert caught.value.code == code
    finally:
        gone.write_bytes(before)
    assert do(desk, messages.View(id="v", path=path_of(desk, "11.md")))["kind"] == "text"


@pytest.mark.parametrize("path", ["", "a\0b", "~nobody-of-this-name/x", "\ud800"])
def test_what_is_no_path_is_named(desk: ViewDesk, path: str) -> None:
    for request in (messages.View(id="v", path=path), messages.Text(id="t", path=path)):
        with pytest.raises(AssistantError) as caught:
            do(desk, request)
        assert caught.value.code == "path.bad"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pipe_is_not_waited_for(desk: ViewDesk, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(FileFailure):
        do(desk, messages.Text(id="t", path=str(tmp_path / "pipe.txt")))


# ---- models -------------------------------------------------------------------------------------------------------


def test_an_empty_name_chooses_no_reranker(desk: ViewDesk) -> None:
    assert do(desk, messages.UseModel(id="u", name="")) == {"role": "reranker", "name": None}
    listed = do(desk, messages.Models(id="m"))["models"]
    assert {m["role"] for m in listed if m["in_use"]} == {"chat", "embedder"}


def test_a_model_that_is_not_there_cannot_be_chosen(desk: ViewDesk) -> None:
    with pytest.raises(ModelMissing):
        do(desk, messages.UseModel(id="u", name="nothing"))
    listed = do(desk, messages.Models(id="m"))["models"]
    assert all(m["builtin"] for m in listed)


def test_a_request_for_another_desk_is_refused(desk: ViewDesk) -> None:
    with pytest.raises(TypeError, match="sync"):
        do(desk, messages.Sync(id="x"))


# ---- scans -------------------------------------------------------------------------------------------------------

COMMENT = "Comment: Check the date"
SCANNED = ("The notice period is three months.", "Signed on 3 December 2023 in Berlin.")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ViewDesk, str]]:
    """A PDF whose first page is a picture of text, and whose second is text that says a thing twice."""
    root = tmp_path_factory.mktemp("scans")
    picture = Image.new("RGB", (640, 180), (255, 255, 255))
    for number, line in enumerate(SCANNED):
        font = ImageFont.load_default(30)
        ImageDraw.Draw(picture).text((40, 30 + 60 * number), line, font=font, fill=(0, 0, 0))

    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 20, 200, 360, 101)
        canvas.textAnnotation("Check the date", Rect=[40, 40, 80, 80])

    (root / "scan.pdf").write_bytes(drawn(scan, lines(["Lunch is at noon.", "Dinner is late.", "Lunch is at noon."])))
    workspace = Workspace(AppPaths(tmp_path_factory.mktemp("scan_home")))
    workspace._embedder = FakeEmbedder()
    index = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    index.handle(messages.AddFolder(id="a", path=str(root)), Job())
    assert index.handle(messages.Sync(id="s"), Job())["pages_recognised"] == 1
    index.close()
    made = ViewDesk(workspace)
    yield made, str(root / "scan.pdf")
    made.close()


def test_a_scanned_page_has_its_text_and_says_how_sure_it_is(scanned: tuple[ViewDesk, str]) -> None:
    """R26."""
    desk, path = scanned
    text = do(desk, messages.Text(id="t", path=path))
    first, second = text["parts"]
    assert " ".join(text["text"][first["start"] : first["end"]].split()) == " ".join((*SCANNED, COMMENT))
    assert 0.9 < first["confidence"] <= 1
    assert "confidence" not in second
    (row,) = do(desk, messages.Files(id="f"))["rows"]
    assert (row["state"], row["ocr_pages"], row["warnings"]) == ("indexed", 1, [])


@pytest.mark.parametrize("with_quote", [True, False])
def test_words_of_a_scan_are_marked_where_they_stand_in_the_picture(
    scanned: tuple[ViewDesk, str], with_quote: bool
) -> None:
    desk, path = scanned
    start = do(desk, messages.Text(id="t", path=path))["text"].index("3 December 2023")
    quote = "3 December 2023" if with_quote else ""
    view = do(desk, messages.View(id="v", path=path, page=1, start=start, end=start + 15, quote=quote, width=800))
    ((x, y, width, height),) = view["boxes"]
    # The picture is drawn at (20, 200), 360 points wide, on a page of 400 by 400; the date is in its second line.
    left, top = (40 + 40) / 800, (400 - 301) / 400
    assert view["width"] == 800
    assert left * 800 < x < x + width < 760
    assert (top + 80 / 640 * 0.9) * 800 < y < y + height < (top + 150 / 640 * 0.9) * 800
    assert 0.9 < view["ocr_confidence"] <= 1


def test_words_that_go_on_to_the_next_page_are_marked_on_both(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R17: a page shows its part of the quote, and that page alone is read."""
    rows = [f"Clause {n} says that the tenant number {n} pays the rent {n}." for n in range(40)]
    first = lines([*rows, "The notice period of this"], size=6, step=8, top=390)
    (tmp_path / "text.pdf").write_bytes(drawn(first, lines(["contract is three months."])))
    workspace = Workspace(AppPaths(tmp_path_factory.mktemp("crossing_home")))
    workspace._embedder = FakeEmbedder()
    index = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    index.handle(messages.AddFolder(id="a", path=str(tmp_path)), Job())
    index.handle(messages.Sync(id="s"), Job())
    index.close()
    desk, path = ViewDesk(workspace), str(tmp_path / "text.pdf")
    text = str(do(desk, messages.Text(id="t", path=path))["text"])
    start, end = text.index("The notice"), text.index("months.") + 7
    asked: list[str] = []
    render = Extractor.render

    def watched(extractor: Extractor, data: bytes, **request: Any) -> PageImage:  # Any: passed on as it is
        asked.append(request["quote"])
        return render(extractor, data, **request)

    monkeypatch.setattr(Extractor, "render", watched)
    views = [
        do(desk, messages.View(id="v", path=path, page=page, start=start, end=end, quote=text[start:end], width=800))
        for page in (1, 2)
    ]
    desk.close()
    assert [len(view["boxes"]) for view in views] == [1, 1]
    assert asked == ["The notice period of this", "contract is three months."]


def test_words_that_a_scanned_page_has_as_text_are_marked_too(scanned: tuple[ViewDesk, str]) -> None:
    desk, path = scanned
    start = do(desk, messages.Text(id="t", path=path))["text"].index(COMMENT)
    end = start + len(COMMENT)
    view = do(desk, messages.View(id="v", path=path, page=1, start=start, end=end, quote=COMMENT, width=800))
    ((x, y, _, _),) = view["boxes"]
    assert x == pytest.approx(80, abs=5)
    assert (400 - 80) * 2 <= y <= (400 - 40) * 2  # its mark stands inside the rectangle of the comment
    assert view["ocr_confidence"] is None


def test_words_behind_a_scanned_page_are_marked_by_their_place_in_the_whole_text(
    scanned: tuple[ViewDesk, str],
) -> None:
    """They stand there twice, so that only the place tells which are meant; the scan before them has moved it."""
    desk, path = scanned
    text = do(desk, messages.Text(id="t", path=path))["text"]
    places = text.index("Lunch"), text.rindex("Lunch")
    tops = []
    for start in places:
        request = messages.View(id="v", path=path, page=2, start=start, end=start + 5, quote="Lunch", width=800)
        view = do(desk, request)
        ((_, y, _, _),) = view["boxes"]
        tops.append(y)
        assert view["ocr_confidence"] is None
    assert tops[1] - tops[0] == pytest.approx(80, abs=3)  # two lines of 20 points, at 2 pixels a point


# ---- filters -----------------------------------------------------------------------------------------------------


def test_the_filters_of_a_query_are_read_and_nothing_is_searched(desk: ViewDesk) -> None:
    read = do(desk, messages.ReadFilters(id="r", query="When? type:pdf -under:a after:2025-06 after:hours"))
    assert read["words"] == "When? after:hours"
    assert [(f["filter"], f["value"], f["negated"]) for f in read["understood"]] == [
        ("type", "pdf", False), ("under", "a", True), ("after", "2025-06-01", False),
    ]  # fmt: skip
    assert (read["not_understood"], read["documents"]) == (["after:hours"], None)


def test_a_filter_that_says_nothing_is_told_while_it_is_written(desk: ViewDesk) -> None:
    with pytest.raises(FilterBad):
        do(desk, messages.ReadFilters(id="r", query="after:2025-13"))
