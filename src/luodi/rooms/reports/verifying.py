"""Verifying a file that somebody holds: a sealed report, an evidence pack, a Word or a PDF file.

Needs no database and no network. What a hostile file may cost is bounded.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from pypdf import PdfReader

from luodi.lib.documents import DocumentError, word_lines
from luodi.lib.pdfs import TooCostly, texts_of
from luodi.lib.sandbox import Cost, Overrun, Pool, openable, opened
from luodi.lib.zips import TooManyParts, open_zip
from luodi.rooms.reports.language.document import Part
from luodi.rooms.reports.sealing import Finding, Sealed, findings_in, pack_findings

SEALED_NAME, LIST_NAME = "report.json", "manifest.json"
SLIP_PART = "/luodi/seal.json"
SLIP_NAME = "luodi-seal.json"
PAGE_NUMBER = re.compile(r"—\d+—")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost: bytes of a zip's list of contents, of all unpacked, of JSON or of a Word
    file's XML read at once; pages of a PDF, and seconds of computing to read them."""

    listed: int
    unpacked: int
    parsed: int
    pages: int
    seconds: float


MB = 1024**2
OWN = Limits(listed=64 * MB, unpacked=2048 * MB, parsed=512 * MB, pages=2000, seconds=600)
KNOWN = Limits(listed=8 * MB, unpacked=2048 * MB, parsed=64 * MB, pages=2000, seconds=30)
STRANGER = Limits(listed=2 * MB, unpacked=200 * MB, parsed=16 * MB, pages=300, seconds=10)


@dataclass
class Verdict:
    """What a file is (report, pack, docx, pdf, or "" for none of ours), and what is wrong with it."""

    kind: str = ""
    findings: list[Finding] = field(default_factory=list)
    title: str = ""
    key_id: str = ""
    published_at: str = ""
    files: int = 0

    @property
    def good(self) -> bool:
        return bool(self.kind) and not self.findings


def verify(source: Path | BinaryIO, public: str = "", limits: Limits = OWN) -> Verdict:
    """Verifies a file against its signature; with `public` (hex), against that key."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return verify(stream, public, limits)
    start = source.read(5)
    source.seek(0)
    try:
        if start.startswith(b"%PDF"):
            return _pdf(source, public, limits)
        if start.startswith(b"PK"):
            return _zip(source, public, limits)
        return _of("report", json.loads(_most(source, limits.parsed)), public)
    except (_TooLarge, TooCostly, TooManyParts, DocumentError):
        return Verdict(findings=[Finding("size")])
    except Exception:  # a broken or hostile file makes its parser raise anything at all
        return Verdict(findings=[Finding("format")])


def verify_apart(source: IO[bytes], public: str, limits: Limits, pool: Pool) -> Verdict:
    """The same, in a process that may be killed. Raises sandbox.Busy when many are at it."""
    cost = Cost(seconds=3 * limits.seconds, computing=int(2 * limits.seconds), memory=1024 * MB)
    try:
        found = opened(told_of, source, public, asdict(limits), pool=pool, cost=cost)
    except Overrun:
        return Verdict(findings=[Finding("size")])
    return Verdict(**{**found, "findings": [Finding(**one) for one in found["findings"]]})


@openable
def told_of(source: BinaryIO, public: str, limits: dict[str, Any]) -> dict[str, Any]:
    """The verdict as JSON data."""
    return asdict(verify(source, public, Limits(**limits)))


class _TooLarge(Exception):
    """The file asks for more than it may cost."""


def _most(stream: IO[bytes], most: int) -> bytes:
    """All that there is to read, if it is no more than that."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise _TooLarge
    return content


def _of(
    kind: str, sealed: Any, public: str, more: Iterable[Finding] = (), shown: Iterable[Finding] = ()
) -> Verdict:
    verdict = Verdict(kind, findings_in(sealed, public))
    if not any(one.part == "format" for one in verdict.findings):
        verdict.title = str(sealed["document"]["title"])
        verdict.published_at = str(sealed["document"]["published_at"])
        verdict.key_id = str(sealed["signature"]["key_id"])
        verdict.findings += more
        if not verdict.findings:  # comparing is long work, and no news where nothing is signed
            verdict.findings += shown
    return verdict


# --- zip: a pack, or a Word file --------------------------------------------------------------


def _zip(stream: BinaryIO, public: str, limits: Limits) -> Verdict:
    with open_zip(stream, limits.listed) as archive:
        names = archive.namelist()
        # no member yields more than the size that it declares
        if sum(one.file_size for one in archive.infolist()) > limits.unpacked:
            raise _TooLarge
        if LIST_NAME in names and SEALED_NAME in names:
            return _pack(archive, public, limits)
        if SLIP_PART[1:] in names:
            slip = json.loads(_read(archive, SLIP_PART[1:], limits))
            if sum(one.file_size for one in archive.infolist()) > limits.parsed:
                raise _TooLarge  # a Word file is read whole
            stream.seek(0)
            return _of("docx", slip, public, shown=_docx_findings(stream, slip))
    return Verdict(findings=[Finding("format")])


def _read(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    with archive.open(name) as member:
        return _most(member, limits.parsed)


def _name(one: zipfile.ZipInfo) -> str:
    """The file's name; packers that write UTF-8 without saying so are understood too."""
    if one.flag_bits & 0x800:
        return one.filename
    try:
        return one.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return one.filename


def _pack(archive: zipfile.ZipFile, public: str, limits: Limits) -> Verdict:
    listed = json.loads(_read(archive, LIST_NAME, limits))
    found = {}
    for one in archive.infolist():
        if one.filename != LIST_NAME and not one.is_dir():
            with archive.open(one) as member:
                found[_name(one)] = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]
    more = list(pack_findings(listed, found, public))
    sealed = json.loads(_read(archive, SEALED_NAME, limits))
    verdict = _of("pack", sealed, public, more)
    verdict.files = len(found)
    return verdict


# --- text of the files that people read -------------------------------------------------------


def lines_of(document: dict[str, Any]) -> list[str]:
    """Every line that a file of this document shows, in order; a table's cells one by one."""
    head = document["head"]
    lines = [head["issuer"], head["number"], document["title"], head["addressee"]]
    for data in document["parts"]:
        part = Part.from_json(data)
        if part.kind == "table":
            lines += ["".join(run.text for run in cell) for row in part.rows for cell in row]
        else:
            lines.append(part.text)
    lines += [head["signer"], head["signed_on"]]
    return [line for line in map(squeezed, lines) if line]


def squeezed(text: str) -> str:
    return "".join(text.split())


def _docx_findings(stream: BinaryIO, slip: Sealed) -> Iterator[Finding]:
    shown = [squeezed(text) for line in word_lines(io.BytesIO(stream.read())) for text in line]
    yield from _differences([line for line in shown if line], lines_of(slip["document"]))


def _differences(shown: list[str], signed: list[str]) -> Iterator[Finding]:
    missing, added = Counter(signed) - Counter(shown), Counter(shown) - Counter(signed)
    for line in missing:
        yield Finding("shown", line[:60])
    for line in added:
        yield Finding("added", line[:60])
    if not missing and not added and shown != signed:
        yield Finding("order")


def _pdf(stream: BinaryIO, public: str, limits: Limits) -> Verdict:
    reader = PdfReader(stream)
    attached = reader.attachments.get(SLIP_NAME)
    if not attached:
        return Verdict(findings=[Finding("format")])
    if len(reader.pages) > limits.pages or len(attached[0]) > limits.parsed:
        raise _TooLarge
    slip = json.loads(attached[0])
    return _of("pdf", slip, public, shown=_pdf_findings(reader, slip, limits))


def _pdf_findings(reader: PdfReader, slip: Sealed, limits: Limits) -> Iterator[Finding]:
    """A PDF keeps no lines: each signed line must occur, and no character beside them."""
    pages = texts_of(reader, seconds=limits.seconds)
    text = "".join(PAGE_NUMBER.sub("", squeezed(page)) for page in pages)
    lines = lines_of(slip["document"])
    missing = [line for line in lines if line not in text]
    yield from (Finding("shown", line[:60]) for line in missing)
    if not missing and Counter(text) != Counter("".join(lines)):
        yield Finding("extra")
