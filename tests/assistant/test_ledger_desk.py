"""The ledger as a window asks for it, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from library import Listener

from studiolo import ledger_desk, messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.engine import Engine
from studiolo.errors import AssistantError
from studiolo.ledger_desk import COLUMNS, LedgerDesk, ledger_slice
from studiolo.paths import AppPaths
from studiolo.results import file_row
from studiolo.workspace import Workspace
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.records import FileProblem, FileStamp, IndexedRow
from studiolo_models.fakes import FakeEmbedder

N_FILES = 7


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Files 0 to 6 of two collections; the odd ones failed, and have a name that a spreadsheet would compute."""
    made = Workspace(AppPaths(tmp_path / "home"))
    made._embedder = FakeEmbedder()
    with closing(Catalogue(made.paths.catalogue)) as catalogue:
        folders = [catalogue.add_folder(f"/docs/{name}".encode(), name).folder_id for name in ("hr", "law")]
        for n in range(N_FILES):
            stamp = FileStamp(100 - n, 1, 1)
            root = ("/docs/hr", "/docs/law")[n % 2]
            doc_id = catalogue.add_pending(folders[n % 2], os.fsencode(f"{root}/report {n}.pdf"), stamp)
            if n % 2:
                catalogue.set_problem(doc_id, "failed", FileProblem("file.password", '=cmd|"/c calc"!A0'), stamp)
            else:
                row = IndexedRow(doc_id, stamp, "ab" * 32, "t", "p", 2, 2, 1, 0, ("-1", "two"), 0.1, 1, "e")
                catalogue.set_indexed(row)
    return made


@pytest.fixture
def catalogue(workspace: Workspace) -> Iterator[Catalogue]:
    with closing(workspace.catalogue()) as made:
        yield made


def export(workspace: Workspace, path: Path, job: Job | None = None, **wanted: object) -> Json:
    request = messages.ExportFiles(id="e", path=str(path), **wanted)  # type: ignore[arg-type]  # the tests' own words
    return LedgerDesk(workspace).handle(request, job or Job())


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_slice_is_filtered_ordered_and_counted(catalogue: Catalogue) -> None:
    request = messages.Files(id="f", words="REPORT", code="file.password", order="name", descending=True, limit=2)
    told = ledger_slice(catalogue, request)
    assert told["total"] == 3
    assert [row["relative_path"] for row in told["rows"]] == ["report 5.pdf", "report 3.pdf"]


def test_the_first_slice_tells_what_reasons_there_are_and_later_ones_do_not(catalogue: Catalogue) -> None:
    first = ledger_slice(catalogue, messages.Files(id="f", limit=2))
    assert first["codes"] == [{"code": "file.password", "reason": '=cmd|"/c calc"!A0', "files": 3}]
    assert "codes" not in ledger_slice(catalogue, messages.Files(id="f", offset=2, limit=2))


@pytest.mark.parametrize(("wish", "code"), [({"state": "odd"}, "bad_state"), ({"order": "path; DROP"}, "bad_order")])
def test_a_wish_that_the_ledger_does_not_know_is_named(catalogue: Catalogue, wish: dict[str, str], code: str) -> None:
    with pytest.raises(AssistantError) as caught:
        ledger_slice(catalogue, messages.Files(id="f", **wish))  # type: ignore[arg-type]  # the tests' own words
    assert caught.value.code == f"question.{code}"


def test_the_table_holds_all_that_pass_the_filters_and_no_formula(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_desk, "_AT_ONCE", 2)
    table = tmp_path / "ledger.csv"
    assert export(workspace, table, state="failed", order="size") == {"path": str(table), "rows": 3}
    rows = read(table)
    assert [row["size_bytes"] for row in rows] == ["95", "97", "99"]
    assert {row["reason"] for row in rows} == {'\'=cmd|"/c calc"!A0'}
    assert export(workspace, table, collection="hr")["rows"] == 4
    assert {row["warnings"] for row in read(table)} == {"'-1 | two"}
    assert export(workspace, table, words="no such file")["rows"] == 0
    assert read(table) == []


def test_the_columns_are_those_of_a_row(catalogue: Catalogue) -> None:
    assert tuple(file_row(catalogue.files()[0])) == COLUMNS


def test_a_table_that_is_stopped_is_not_there(workspace: Workspace, tmp_path: Path) -> None:
    job = Job()
    job.cancel.set()
    with pytest.raises(Cancelled):
        export(workspace, tmp_path / "ledger.csv", job)
    assert os.listdir(tmp_path) == ["home"]


def test_what_changes_while_it_is_written_is_not_in_the_table(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file stands in it once."""
    monkeypatch.setattr(ledger_desk, "_AT_ONCE", 2)

    def file_row_and_change(record: object) -> Json:
        with closing(Catalogue(workspace.paths.catalogue)) as writer:
            doc_ids = [row.doc_id for row in writer.files(limit=1)]
            writer.remove_files(doc_ids)
        return file_row(record)  # type: ignore[arg-type]  # what the desk gave

    monkeypatch.setattr(ledger_desk, "file_row", file_row_and_change)
    assert export(workspace, tmp_path / "ledger.csv")["rows"] == N_FILES
    assert len({row["path"] for row in read(tmp_path / "ledger.csv")}) == N_FILES


def test_an_engine_writes_it_beside_its_other_work(workspace: Workspace, tmp_path: Path) -> None:
    listener = Listener()
    engine = Engine(workspace, emit=listener)
    engine.start()
    engine.submit(messages.ExportFiles(id="e", path=str(tmp_path / "ledger.csv")))
    engine.submit(messages.ExportFiles(id="bad", path=str(tmp_path / "nowhere" / "ledger.csv")))
    assert listener.result_of("e")["rows"] == N_FILES
    end = listener.end_of("bad")
    engine.close()
    assert isinstance(end, messages.Failed)
    assert end.error["code"] == "output.unwritable"


def test_another_request_is_a_mistake_of_ours(workspace: Workspace) -> None:
    with pytest.raises(TypeError):
        LedgerDesk(workspace).handle(messages.Files(id="f"), Job())
