"""Looks at an uploaded file before anything opens it: is it a workbook, and one that fits?

The reader keeps a whole sheet as one rectangle in memory, so two cells far apart are as dangerous
as a zip bomb. Every part is therefore unpacked once here, in pieces: that checks its checksum and
true size, and finds how far the cells reach. Formulas and external links need no check: only the
values that the file holds are ever read.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Final

from luodi.lib.excel.columns import FileError
from luodi.lib.zips import TooManyParts, open_zip

MEGABYTE: Final = 1024 * 1024
PIECE: Final = 256 * 1024
COMPOUND_FILE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
# What zipfile lets through when it meets a damaged archive.
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
CELL: Final = re.compile(rb'<(?:\w+:)?c(?=[\s/>])(?:[^<>]*?\sr="([A-Z]{1,3})([0-9]{1,7})")?')
# The reader reserves memory for as many entries as such an attribute announces.
ANNOUNCED: Final = re.compile(rb"""[cC]ount\s*=\s*["'][^"'<>]{8}""")
FAILED: Final = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]+[0-9]+)"')
SAVE_AS: Final = (
    "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。",
    "Open it in Excel or WPS, save it as .xlsx and upload that.",
)
DAMAGED: Final = (
    "文件不完整或已损坏，请重新保存后再上传。",
    "The file is damaged or incomplete; save it again and upload that.",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be."""

    packed: int = 50 * MEGABYTE
    unpacked: int = 600 * MEGABYTE
    ratio: int = 200  # unpacked to packed, for what unpacks to more than 20 MB
    parts: int = 1000
    rows: int = 200_000
    cells: int = 6_000_000  # rows × columns of a sheet


DEFAULT_LIMITS: Final = Limits()


def guard(fp: IO[bytes], limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises FileError unless the file is a whole, harmless .xlsx within the limits.

    Leaves the file at its beginning.
    """
    size = fp.seek(0, 2)
    if not size:
        raise FileError("文件是空的。", "The file is empty.")
    if size > limits.packed:
        raise _too_large(f"{limits.packed // MEGABYTE} MB", "文件", "file")
    fp.seek(0)
    head = fp.read(8)
    if head == COMPOUND_FILE:
        raise _compound_file(fp)
    if not head.startswith(b"PK"):
        raise FileError(f"这不是 Excel 文件。{SAVE_AS[0]}", f"This is no Excel file. {SAVE_AS[1]}")
    try:
        with open_zip(fp) as archive:
            _check_directory(archive, size, limits)
            for part in archive.infolist():
                _check_part(archive, part, limits)
    except FileError:
        raise
    except TooManyParts:
        raise _too_many_parts(limits) from None
    except DAMAGE as error:
        raise FileError(*DAMAGED) from error
    finally:
        fp.seek(0)


def _compound_file(fp: IO[bytes]) -> FileError:
    """Old .xls and encrypted .xlsx files come in the same wrapping."""
    fp.seek(0)
    encrypted = "EncryptedPackage".encode("utf-16-le") in fp.read()
    fp.seek(0)
    if encrypted:
        return _encrypted()
    return FileError(f"这是旧版 .xls 文件。{SAVE_AS[0]}", f"This is an old .xls file. {SAVE_AS[1]}")


def _check_directory(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise _too_many_parts(limits)
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise FileError(f"这不是 .xlsx 文件。{SAVE_AS[0]}", f"This is no .xlsx file. {SAVE_AS[1]}")
    if any(name.endswith("vbaProject.bin") or "/macrosheets/" in name for name in names):
        raise FileError(f"文件含有宏，不能上传。{SAVE_AS[0]}", f"The file has macros. {SAVE_AS[1]}")
    if any(part.flag_bits & 1 for part in parts):
        raise _encrypted()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked:
        raise _too_large(f"{limits.unpacked // MEGABYTE} MB", "解压后的文件", "unpacked file")
    if unpacked > 20 * MEGABYTE and unpacked > size * limits.ratio:
        raise FileError(
            "文件解压后异常膨胀，疑似恶意文件，未予打开。",
            "The file unpacks to a suspicious size and was not opened.",
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """Unpacks a part to its end. Any part may be named as a sheet, so all are looked at."""
    columns: set[bytes] = set()
    last_row = count = 0
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            rest += piece
            whole_tags = max(rest.rfind(b"<"), 0)
            if whole_tags == 0 and len(rest) < 4 * PIECE:
                continue
            found = CELL.findall(rest, 0, whole_tags)
            _check_values(rest[:whole_tags])
            if ANNOUNCED.search(rest, 0, whole_tags):
                raise _unusual()
            rest = rest[whole_tags:] if whole_tags else b""
            count += len(found)
            columns.update(column for column, _ in found)
            last_row = max(last_row, max((int(row or 0) for _, row in found), default=0))
            _check_reach(columns, last_row, count, limits)


def _check_values(piece: bytes) -> None:
    """A formula that failed would be read as an empty cell, so its value would silently be lost."""
    if b't="e"' in piece and (failed := FAILED.findall(piece)):
        cells = b", ".join(dict.fromkeys(failed[:10])).decode()
        raise FileError(
            f"这些单元格的公式出错（如 #N/A）：{cells}。请改正或清空后再上传。",
            f"The formulas in these cells give errors (such as #N/A): {cells}. "
            "Correct or empty them and upload the file again.",
        )


def _check_reach(columns: set[bytes], last_row: int, count: int, limits: Limits) -> None:
    if b"" in columns:
        raise _unusual()
    if last_row > limits.rows + 20:  # a few rows above the header
        raise _too_large(f"{limits.rows}", "行数", "number of rows")
    widest = max(map(_column_number, columns), default=0)
    if max(widest * last_row, count) > limits.cells:
        raise _too_large(
            f"{limits.cells}", "单元格数（行 × 列）", "number of cells, rows × columns"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(limit: str, zh: str, en: str) -> FileError:
    return FileError(
        f"{zh}超过上限 {limit}，请分成几个文件上传，并删去多余的空行空列。",
        f"The {en} is above the limit of {limit}; split the file, and delete empty rows and "
        "columns.",
    )


def _too_many_parts(limits: Limits) -> FileError:
    return _too_large(f"{limits.parts}", "文件的组成部分数", "number of parts of the file")


def _unusual() -> FileError:
    return FileError(
        f"文件的内部写法不常见，无法安全读取。{SAVE_AS[0]}",
        f"The file is written in an unusual way and cannot be read safely. {SAVE_AS[1]}",
    )


def _encrypted() -> FileError:
    return FileError(
        "文件设有密码，请取消密码后再上传。",
        "The file has a password; remove it and upload the file again.",
    )
