"""What a sheet shows and its values do not say: hidden rows, per cent, formulas without a result.

The reader gives values only. This looks at the parts of a workbook that `guard` has let through,
in pieces, as it does.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, Final

from luodi.lib.zips import open_zip

PIECE: Final = 256 * 1024
LARGEST_LIST: Final = 8 * 1024 * 1024  # bytes of styles or of the list of sheets
SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
ATTRIBUTE: Final = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
FORMAT: Final = re.compile(rb"<(?:\w+:)?numFmt\s[^<>]*>")
STYLES: Final = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
STYLE: Final = re.compile(rb"<(?:\w+:)?xf\s[^<>]*>")
ORIGIN: Final = "luodi:"  # before the name of the upload that an error file belongs to
KEYWORDS: Final = re.compile(rb"<(?:\w+:)?keywords>([^<]*)<")
PER_CENT: Final = frozenset({b"9", b"10"})  # ECMA-376, 18.8.30: 0% and 0.00%
HIDDEN: Final = re.compile(
    rb"<(?:\w+:)?row\s(?=[^<>]*\bhidden=\"(?:1|true)\")[^<>]*?\br=\"([0-9]+)\""
)
CELL: Final = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\bs="([0-9]+)")[^<>]*?\br="([A-Z]{1,3})([0-9]+)"')
FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\s(?P<head>[^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>(?P<value>[^<]*)</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')


@dataclass(slots=True)
class Marks:
    """Of one sheet: rows as Excel numbers them, cells as (row, place from 0) in one number."""

    hidden: set[int] = field(default_factory=set)
    per_cent: set[int] = field(default_factory=set)
    uncalculated: set[int] = field(default_factory=set)


def cell_number(row: int, place: int) -> int:
    """A cell as one number: Excel has 16,384 columns."""
    return row << 14 | place


def marks_of(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of each sheet of a guarded workbook, by the sheet's name."""
    names = set(archive.namelist())
    book = _part(archive, names, "xl/workbook.xml")
    relations = {
        of[b"Id"]: of[b"Target"].decode(errors="replace")
        for tag in RELATION.findall(_part(archive, names, "xl/_rels/workbook.xml.rels"))
        if b"Id" in (of := _attributes(tag)) and b"Target" in of
    }
    # whoever made the file never computed: the program that opens it shall
    never = b'fullCalcOnLoad="1"' in book
    styles = _per_cent_styles(_part(archive, names, "xl/styles.xml"))
    found: dict[str, Marks] = {}
    for tag in SHEET.findall(book):
        of = _attributes(tag)
        key = next((value for name, value in of.items() if name.endswith(b":id")), b"")
        target = relations.get(key, "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            name = html.unescape(of.get(b"name", b"").decode(errors="replace"))
            found[name] = _marks(archive, part, styles, never=never)
    return found


def _part(archive: zipfile.ZipFile, names: set[str], name: str) -> bytes:
    if name not in names:
        return b""
    with archive.open(name) as stream:
        return stream.read(LARGEST_LIST)


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: one or two for name, one, two in ATTRIBUTE.findall(tag)}


def _per_cent_styles(styles: bytes) -> set[bytes]:
    """The numbers of the cell styles that show a value as per cent."""
    formats = set(PER_CENT)
    for tag in FORMAT.findall(styles):
        of = _attributes(tag)
        if b"%" in of.get(b"formatCode", b""):
            formats.add(of.get(b"numFmtId", b""))
    listed = STYLES.search(styles)
    return {
        str(number).encode()
        for number, tag in enumerate(STYLE.findall(listed[0]) if listed else [])
        if _attributes(tag).get(b"numFmtId") in formats
    }


def _marks(archive: zipfile.ZipFile, part: str, styles: set[bytes], *, never: bool) -> Marks:
    marks, rest = Marks(), b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            rest += piece
            end = rest.rfind(b"</c>") + 4
            if end < 4 and len(rest) < 16 * PIECE:
                continue
            _look(rest[:end], marks, styles, never=never)
            rest = rest[end:] if end >= 4 else b""
    _look(rest, marks, styles, never=never)
    return marks


def _look(piece: bytes, marks: Marks, styles: set[bytes], *, never: bool) -> None:
    if b"hidden=" in piece:
        marks.hidden.update(int(row) for row in HIDDEN.findall(piece))
    if styles:
        marks.per_cent.update(
            _number(letters, row) for style, letters, row in CELL.findall(piece) if style in styles
        )
    if b"<f" in piece or b":f" in piece:
        for found in FORMULA.finditer(piece):
            value, text = found["value"], b't="str"' in found["head"]
            empty = value is None or (value == b"" and not text) or (never and value == b"0")
            if empty and (at := PLACE.search(found["head"])):
                marks.uncalculated.add(_number(at[1], at[2]))


def _number(letters: bytes, row: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return cell_number(int(row), place - 1)


def origin_of(fp: IO[bytes]) -> str:
    """The upload whose rows an error file holds; empty for any other file."""
    try:
        with open_zip(fp) as archive:
            found = KEYWORDS.search(_part(archive, set(archive.namelist()), "docProps/core.xml"))
    except (zipfile.BadZipFile, OSError, RuntimeError, zlib.error):
        return ""
    finally:
        fp.seek(0)
    words = html.unescape(found[1].decode(errors="replace")) if found else ""
    return words.removeprefix(ORIGIN) if words.startswith(ORIGIN) else ""
