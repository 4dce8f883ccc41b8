"""The text of a file that somebody hands over: txt, docx, xlsx, pdf; hostile ones are refused unopened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Final

import docx
import pypdf
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from luodi.lib.excel import FileError, guard
from luodi.lib.pdfs import TooCostly, texts_of
from luodi.lib.sandbox import OURS, Busy, Cost, Overrun, Pool, openable, opened
from luodi.lib.sentences import SentenceError
from luodi.lib.zips import TooManyParts, open_zip

MEGABYTE: Final = 1024 * 1024
MOST: Final = 20 * MEGABYTE  # of a file
UNPACKED: Final = 100 * MEGABYTE
PART: Final = 20 * MEGABYTE  # of the document's text, unpacked: python-docx makes a tree of it
PARTS: Final = 2000
PARAGRAPHS: Final = 50_000  # of a Word file, those in tables included
PAGES: Final = 500
SECONDS: Final = 20  # of computing for a PDF's text
TEXT: Final = 1_000_000  # characters
ENCODINGS: Final = ("utf-8-sig", "gb18030")
COMPOUND_FILE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
COST: Final = Cost(seconds=40, computing=30)


class DocumentError(SentenceError):
    """The file cannot be read as text; the sentence says why and what to do."""


def text_apart(fp: IO[bytes], pool: Pool = OURS) -> str:
    """The same as `text_of`, read in a process that may be killed. Raises DocumentError."""
    try:
        text, zh, en = opened(told_of, fp, pool=pool, cost=COST)
    except Overrun:
        raise _swollen() from None
    except Busy:
        raise DocumentError(
            "正在读取的文件较多，请稍后再试。",
            "Many files are being read; try again in a moment.",
        ) from None
    if zh:
        raise DocumentError(zh, en)
    return str(text)


@openable
def told_of(fp: IO[bytes]) -> tuple[str, str, str]:
    """The text, or why there is none in Chinese and in English."""
    try:
        return text_of(fp), "", ""
    except DocumentError as error:
        return "", error.zh, error.en


def text_of(fp: IO[bytes]) -> str:
    """The text of a .txt, .docx or .pdf file, told apart by what is in it. Raises DocumentError."""
    data = fp.read(MOST + 1)
    if not data:
        raise DocumentError("文件是空的。", "The file is empty.")
    if len(data) > MOST:
        raise DocumentError(
            f"文件超过 {MOST // MEGABYTE} MB，请只上传文字部分。",
            f"The file is above {MOST // MEGABYTE} MB; upload the text only.",
        )
    if data.startswith(b"PK"):
        text = _excel(data) if _is_excel(data) else _word(data)
    elif b"%PDF-" in data[:1024]:
        text = _pdf(data)
    elif data.startswith(COMPOUND_FILE):
        raise DocumentError(
            "这是旧版 .doc 文件或加密文件，请另存为不设密码的 .docx 再上传。",
            "This is an old .doc or an encrypted file; save it as .docx without a password.",
        )
    else:
        text = _plain(data)
    if len(text) > TEXT:
        raise DocumentError(
            "文件里的文字太多，请分成几份。", "There is too much text; split the file."
        )
    if not text.strip():
        raise DocumentError(
            "文件里没有可以读取的文字（扫描件请先做文字识别）。",
            "There is no text in the file (a scan needs text recognition first).",
        )
    return text


def _plain(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings if b"\0" not in data or encodings == ("utf-16",) else ():
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise DocumentError(
        "不认识这种文件，请上传 .txt、.docx 或有文字的 .pdf。",
        "This kind of file is not known; upload .txt, .docx or a .pdf with text.",
    )


def _word(data: bytes) -> str:
    try:
        with open_zip(io.BytesIO(data)) as archive:
            _check(archive)
        return "\n".join(_line(cells) for cells in word_lines(io.BytesIO(data)))
    except DocumentError:
        raise
    except TooManyParts:
        raise _swollen() from None
    except Exception as error:  # python-docx and lxml raise whatever a damaged file makes them
        raise _damaged() from error


def _line(cells: list[str]) -> str:
    """A paragraph as it is; a row of a table as a line with tabs."""
    return cells[0] if len(cells) == 1 else _row(cells)


def _row(cells: Iterable[object]) -> str:
    """A row of a table as a line with tabs; what is a whole number is written as one."""
    whole = (int(x) if isinstance(x, float) and x.is_integer() else x for x in cells)
    return "\t".join(" ".join(str(one).split()) for one in whole)


def _is_excel(data: bytes) -> bool:
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False


def _excel(data: bytes) -> str:
    """The visible sheets of a workbook, each row a line with tabs."""
    try:
        guard(io.BytesIO(data))
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines = []
        for sheet in book.sheets_metadata:
            if sheet.visible is SheetVisibleEnum.Visible:
                lines += [sheet.name]
                lines += [_row(row) for row in book.get_sheet_by_name(sheet.name).to_python()]
        return "\n".join(lines)
    except FileError as error:
        raise DocumentError(error.zh, error.en) from error
    except CalamineError as error:
        raise _damaged() from error


def word_lines(fp: IO[bytes]) -> Iterator[list[str]]:
    """The paragraphs and the rows of tables of a .docx file, in order; a row has its cells' texts.

    A cell that spans columns is there once: a span is a number that the file's maker chose. Raises
    DocumentError for more paragraphs than `PARAGRAPHS`.
    """
    document = docx.Document(fp)
    for number, _paragraph in enumerate(document.element.body.iter(qn("w:p")), 1):
        if number > PARAGRAPHS:
            raise _swollen()
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block._tbl.tr_lst:
                yield [_Cell(cell, block).text for cell in row.tc_lst]
        else:
            yield [block.text]


def _check(archive: zipfile.ZipFile) -> None:
    """Refuses what unpacks to too much, before python-docx opens it."""
    parts = archive.infolist()
    if "word/document.xml" not in {part.filename for part in parts}:
        raise DocumentError(
            "这不是 .docx 文件，请上传 .txt、.docx 或有文字的 .pdf。",
            "This is no .docx file; upload .txt, .docx or a .pdf with text.",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise _locked()
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            size = 0
            while piece := stream.read(256 * 1024):
                size += len(piece)
                if total + size > UNPACKED or (part.filename.endswith(".xml") and size > PART):
                    raise _swollen()
        total += size
    if len(parts) > PARTS:
        raise _swollen()


def _pdf(data: bytes) -> str:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked()
        if len(reader.pages) > PAGES:
            raise DocumentError(
                f"PDF 超过 {PAGES} 页，请分成几份。",
                f"The PDF has more than {PAGES} pages; split it.",
            )
        pages, length = [], 0
        for text in texts_of(reader, seconds=SECONDS):
            pages.append(text)
            length += len(text)
            if length > TEXT:
                break
        return "\n".join(pages)
    except DocumentError:
        raise
    except TooCostly:
        raise DocumentError(
            "这个 PDF 太复杂，没有读完。请复制其中的文字，或分成几份。",
            "This PDF is too complicated to be read; copy its text, or split it.",
        ) from None
    except Exception as error:  # pypdf raises whatever a damaged file makes it
        raise _damaged() from error


def _damaged() -> DocumentError:
    return DocumentError(
        "文件不完整或已损坏，请重新保存后再上传。",
        "The file is damaged or incomplete; save it again and upload that.",
    )


def _locked() -> DocumentError:
    return DocumentError(
        "文件设有密码，请取消密码后再上传。",
        "The file has a password; remove it and upload the file again.",
    )


def _swollen() -> DocumentError:
    return DocumentError(
        "文件解压后过大，疑似恶意文件，未予打开。",
        "The file unpacks to a suspicious size and was not opened.",
    )
