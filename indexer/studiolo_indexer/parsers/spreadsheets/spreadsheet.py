"""XLS and XLSB through calamine: a part for each sheet, its cells with the values that were last computed.

Calamine lays a sheet out in full, so how far its cells spread is looked up before it gets the bytes. It is written in
Rust: what it panics about arrives as an exception outside `Exception`, and is the file's fault.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import python_calamine

from studiolo_indexer.containers import ZIP_MARK, OleFile
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import XLS, XLSB
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.ole_summary import SUMMARY_BYTES, SUMMARY_STREAM, summary
from studiolo_indexer.parsers.office.opc import Package, own_title
from studiolo_indexer.parsers.spreadsheets.biff import check_xlsb, checked_xls
from studiolo_indexer.parsers.spreadsheets.cell_values import value_text
from studiolo_indexer.parsers.spreadsheets.sheets import CellBudget, Sheet, write_sheet
from studiolo_indexer.records import Document

_MAX_MERGES = 100_000

Result = TypeVar("Result")


def parse_spreadsheet(data: bytes, name: str) -> Document:
    """Read an XLS or XLSB file.

    Raises:
        FileFailure: file.password, file.damaged, file.bomb, or file.too_large if its cells spread too widely.
    """
    if data.startswith(ZIP_MARK):
        package = Package(data)
        check_xlsb(package)
        return replace(_read(data, XLSB, package.properties()), title=package.title())
    container = OleFile(data)
    checked = checked_xls(container)
    said = summary(container.read(SUMMARY_STREAM, SUMMARY_BYTES))
    title = own_title(said.pop("title", ""))
    return replace(_read(checked, XLS, said.items()), title=title)


def _read(data: bytes, media_type: str, properties: Iterable[tuple[str, str]]) -> Document:
    """Read the sheets; the title is left to the caller, since the name of the first sheet is none."""
    book = _asked(lambda: python_calamine.load_workbook(io.BytesIO(data)))
    builder = TextBuilder()
    budget = CellBudget()
    warnings: list[str] = []
    for entry in book.sheets_metadata:
        if entry.typ == python_calamine.SheetTypeEnum.WorkSheet:
            _write(builder, budget, book, entry, warnings)
    return builder.document(media_type=media_type, parser="calamine", properties=properties, warnings=warnings)


def _write(
    builder: TextBuilder,
    budget: CellBudget,
    book: Any,  # Any: calamine's classes carry no types that mypy reads
    entry: Any,
    warnings: list[str],
) -> None:
    """Write one sheet as a part; one without content is left out."""
    source = _asked(lambda: book.get_sheet_by_name(entry.name))
    sheet = Sheet(entry.name)
    if source.start is None:
        return
    budget.fill(sheet, _rows(source))
    sheet.merges = [(*first, *last) for first, last in source.merged_cell_ranges or ()][:_MAX_MERGES]
    if not sheet.rows:
        return
    builder.begin_part("sheet", entry.name)
    builder.block(entry.name, level=1)
    write_sheet(builder, sheet)
    if sheet.cut_after is not None:
        warnings.append(f"sheet {entry.name!r}: what follows row {sheet.cut_after} was left out, it is too much")
    if entry.visible != python_calamine.SheetVisibleEnum.Visible:
        warnings.append(f"sheet {entry.name!r} is hidden")


def _rows(source: Any) -> Iterator[tuple[int, Iterator[tuple[int, str]]]]:  # Any: as above
    # Not `iter_rows`: it begins at the first row of the sheet, a million rows above a cell in its far corner.
    top, left = source.start
    for number, values in enumerate(_asked(source.to_python), start=top):
        yield number, ((left + at, value_text(value)) for at, value in enumerate(values) if value != "")


def _asked(question: Callable[[], Result]) -> Result:
    """Ask calamine, and tell the file's faults from ours.

    Raises:
        FileFailure: file.password or file.damaged.
    """
    try:
        return question()
    except python_calamine.PasswordError as error:
        raise FileFailure("file.password", "It is protected with a password.") from error
    except (python_calamine.CalamineError, ValueError, OSError, OverflowError) as error:
        raise FileFailure("file.damaged", "It is no readable spreadsheet.") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise FileFailure("file.damaged", "It is no readable spreadsheet.") from error
        raise
