"""The page's tables as a workbook: numbers in full, a sheet a table."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.pages.blocks import Cell, Page

_THEN = datetime(2000, 1, 1)
_WIDEST = 60
_LONGEST = 31  # letters of a sheet's name


def workbook(page: Page) -> bytes:
    """The file; the same page gives the same bytes."""
    book = Workbook()
    book.properties.creator = "trondelag"
    book.properties.created = book.properties.modified = _THEN
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 -- a new workbook has one
    first.title = page.words["kicker"][:_LONGEST]
    _write(first, 1, [page.title])
    _write(first, 2, [page.lead])
    _write(first, 3, [page.foot])
    used = {first.title.lower()}
    for at, (section, table) in enumerate(page.tables(), start=1):
        sheet = book.create_sheet(_name(at, table.title or section, used))
        _write(first, 4 + at, [sheet.title, table.title])
        _write(sheet, 1, [table.title])
        if table.note:
            _write(sheet, 2, [table.note])
        _write(sheet, 3, list(table.header), bold=True)
        for row, cells in enumerate(table.rows, start=4):
            _write(sheet, row, [_value(cell) for cell in cells])
            for column, cell in enumerate(cells, start=1):
                if not isinstance(_value(cell), str):
                    sheet.cell(row, column).number_format = _format(cell.text, page.language)
        sheet.freeze_panes = "B4"
        for column, head in enumerate(table.header, start=1):
            longest = max([len(head), *(len(row[column - 1].text) for row in table.rows)])
            sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, longest + 2)
    first.column_dimensions["A"].width = 34
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer.getvalue())


def _write(
    sheet: Worksheet, row: int, values: list[str | float | int], *, bold: bool = False
) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"  # a name that starts with = is a name, no formula
        if bold or row == 1:
            cell.font = Font(bold=True)
        if bold:
            cell.alignment = Alignment(wrap_text=True, vertical="bottom")


def _value(cell: Cell) -> str | float | int:
    """A number as it is; what has none as its text."""
    return cell.value if isinstance(cell.value, float | int) and not _interval(cell) else cell.text


def _format(text: str, language: str) -> str:
    """How a number is shown: as its text is, in the workbook's own way of saying so."""
    mark = "," if language == "nb" else "."
    _, found, decimals = text.rstrip("\u202f%").partition(mark)
    places = len(decimals) if found else 0
    digits = "0." + "0" * places if places else "0"
    if text.endswith("%"):
        return f"{digits}%"
    if text.isdigit() and len(text) == 4:  # a year, or a number that needs no thousands
        return "0"
    number = f"#,##{digits}"
    return f"+{number};-{number};{number}" if text.startswith("+") else number


def _interval(cell: Cell) -> bool:
    return bool(re.search(r"\d (to|til|of|av) ", cell.text)) or cell.text.startswith(
        ("from ", "fra ")
    )


def _name(at: int, section: str, used: set[str]) -> str:
    """A sheet's name: unlike the others, and without what Excel forbids."""
    plain = re.sub(r"[\[\]:*?/\\'«»“”]", "", section)
    name = f"{at} {plain}"[:_LONGEST].strip()
    used.add(name.lower())
    return name


def _timeless(content: bytes) -> bytes:
    """The same archive, with no clock in it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in sorted(old.namelist()):
            data = old.read(each)
            if each == "docProps/core.xml":
                data = re.sub(rb">[0-9T:\-]+Z?</dcterms:", b">2000-01-01T00:00:00Z</dcterms:", data)
            info = zipfile.ZipInfo(each, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()
