"""Which files are taken, and how a file that lies about its type is found out."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

import puremagic
from django.utils.translation import gettext_lazy as _

from luodi.lib.errors import UserError
from luodi.lib.sandbox import Busy, Cost, Overrun, openable, opened
from luodi.lib.zips import TooManyParts, open_zip

# Suffix to the type that is sent back with the file. What is not here is not taken.
KINDS: dict[str, str] = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".webp": "image/webp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".wps": "application/vnd.ms-works",
    ".zip": "application/zip",
    ".mp4": "video/mp4",
    ".mp3": "audio/mpeg",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".ofd": "application/ofd",
}
ZIPPED = {".docx", ".xlsx", ".pptx", ".zip", ".ofd"}
COMPOUND = {".doc", ".xls", ".ppt", ".wps"}
TEXT = {".txt", ".csv"}
# A browser may show these in place; every other file is only ever downloaded.
SHOWN = {"application/pdf", "image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"}

MOST_UNPACKED_BYTES = 500 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_RATIO = 200
COST = Cost(seconds=15, computing=10, memory=512 * 1024 * 1024)
SENTENCES = {
    "differs": _("“%(name)s”的内容和它的后缀不符，请用原来的程序另存后再传。"),
    "damaged": _("文件已损坏或不完整，请重新保存后再传。"),
    "bomb": _("压缩包展开后过大，没有接收。请拆分后再传。"),
}


def kind_of(name: str, stream: IO[bytes]) -> str:
    """The content type of a file, by its suffix and its first bytes, which must agree.

    Leaves the stream at its start. Raises UserError with a sentence that says what is wrong.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS:
        allowed = "、".join(one.removeprefix(".") for one in sorted(KINDS))
        raise UserError(_("不接收这种文件，可以上传：%(kinds)s。") % {"kinds": allowed}, "file")
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if not head:
        raise UserError(_("文件是空的，请重新选择。"), "file")
    try:
        wrong = (
            fault(stream, suffix) if suffix in TEXT else opened(fault, stream, suffix, cost=COST)
        )
    except Overrun:
        wrong = "bomb"
    except Busy:
        raise UserError(_("正在读取的文件较多，请稍后再试。"), "file") from None
    if wrong:
        raise UserError(SENTENCES[wrong] % {"name": name}, "file")
    stream.seek(0)
    return KINDS[suffix]


@openable
def fault(stream: IO[bytes], suffix: str) -> str:
    """What is wrong with a file of this suffix: a key of `SENTENCES`, or nothing."""
    head = stream.read(4096)
    if not _agrees(suffix, head):
        return "differs"
    return _zip_fault(stream) if suffix in ZIPPED else ""


def _agrees(suffix: str, head: bytes) -> bool:
    if suffix in ZIPPED:
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if suffix in COMPOUND:
        return head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    if suffix in TEXT:
        return b"\x00" not in head
    try:
        found = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return False
    same = {".jpg": {".jpg", ".jpeg", ".jfif"}, ".mp4": {".mp4", ".m4v", ".mov"}}
    return bool(found & (same.get(suffix.replace(".jpeg", ".jpg"), {suffix})))


def _zip_fault(stream: IO[bytes]) -> str:
    try:
        with open_zip(stream) as archive:
            members = archive.infolist()
    except TooManyParts:
        return "bomb"
    except (zipfile.BadZipFile, OSError, ValueError):
        return "damaged"
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    bomb = unpacked > MOST_UNPACKED_BYTES or len(members) > MOST_MEMBERS
    if bomb or (unpacked > 10 * 1024 * 1024 and unpacked / packed > MOST_RATIO):
        return "bomb"
    return ""
