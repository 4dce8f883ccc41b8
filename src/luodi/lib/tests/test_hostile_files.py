"""Small files that ask for much: refused before they get it."""

from __future__ import annotations

import io
import struct
import zlib

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from luodi.lib import documents, pdfs
from luodi.lib.documents import DocumentError, text_apart, text_of, word_lines
from luodi.lib.excel import FileError, guard
from luodi.lib.zips import LONGEST_LIST, TooManyParts, open_zip


def naming(parts: int) -> io.BytesIO:
    """An archive of nothing but a list of contents (APPNOTE.TXT 4.3.12, 4.3.14, 4.3.15)."""
    part = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    listed, start = part * parts, b"PK\x03\x04" + bytes(26)
    size, end = len(listed), len(start) + len(listed)
    record = struct.pack(
        "<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, parts, parts, size, len(start)
    )
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    last = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, size, len(start), 0)
    return io.BytesIO(start + listed + record + locator + last)


def test_a_list_of_contents_is_not_read_when_it_is_long() -> None:
    assert len(open_zip(naming(1000)).infolist()) == 1000
    many = naming(LONGEST_LIST // 40)
    with pytest.raises(TooManyParts):
        open_zip(many)
    with pytest.raises(FileError, match="组成部分数"):
        guard(many)
    with pytest.raises(DocumentError, match="过大"):
        text_of(many)


def drawing(instructions: bytes) -> io.BytesIO:
    """A PDF of one page."""
    writer, content = PdfWriter(), StreamObject()
    content._data = zlib.compress(instructions, 9)
    content[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.add_blank_page(100, 100)[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out


def test_a_pdf_is_read_for_so_long_only(monkeypatch: pytest.MonkeyPatch) -> None:
    short = drawing(b"BT ET\n")
    assert list(pdfs.texts_of(PdfReader(short), seconds=3600)) == [""]
    with pytest.raises(pdfs.TooCostly):
        list(pdfs.texts_of(PdfReader(short), seconds=-1))
    monkeypatch.setattr(pdfs, "LARGEST_PAGE", 1000)
    long = drawing(b"BT ET\n" * 1000)
    assert len(long.getvalue()) < 1000
    with pytest.raises(pdfs.TooCostly):
        list(pdfs.texts_of(PdfReader(long), seconds=3600))
    with pytest.raises(DocumentError, match="太复杂"):
        text_of(io.BytesIO(long.getvalue()))


def test_tables_become_lines_with_tabs() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标", "单位", "数值"])
    sheet.append(["党员\n总数", "人", 90])
    book.create_sheet("隐藏").sheet_state = "hidden"
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "党员\n总数", "90"
    for file, wanted in (
        (book, "指标\t单位\t数值\n党员 总数\t人\t90"),
        (document, "党员 总数\t90"),
    ):
        stream = io.BytesIO()
        file.save(stream)  # type: ignore[attr-defined]
        stream.seek(0)
        assert text_of(stream).endswith(wanted)


def spanning(columns: int) -> io.BytesIO:
    """A Word file with one cell that says it spans so many columns."""
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "示例"
    span = OxmlElement("w:gridSpan")
    span.set(qn("w:val"), str(columns))
    cell._tc.get_or_add_tcPr().append(span)
    out = io.BytesIO()
    document.save(out)
    return out


def test_a_cell_is_read_once_however_many_columns_it_says_it_spans() -> None:
    for columns in (2, 3_000_000):
        assert list(word_lines(spanning(columns))) == [["示例"]]
        assert text_apart(spanning(columns)) == "示例"


def test_a_word_file_has_so_many_paragraphs_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PARAGRAPHS", 3)
    document, out = docx.Document(), io.BytesIO()
    for _turn in range(4):
        document.add_paragraph("示例")
    document.save(out)
    out.seek(0)
    with pytest.raises(DocumentError, match="过大"):
        text_of(out)
