"""What somebody without an account may bring to be verified: smaller files, and fewer of them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.lib.neighbours import sender_of
from luodi.rooms.reports.verifying import KNOWN, STRANGER, Verdict, verify

MOST_MB = 20  # of a stranger's file
SECONDS = 600
PER_ADDRESS, PER_SITE = 10, 60  # strangers' files in so many seconds


class TooMuch(UserError):
    """A stranger's file that is not looked at, or not now."""

    status = 429


def verify_upload(request: HttpRequest, file: UploadedFile[Any], public: str) -> Verdict:
    """The verdict on a file that somebody brings. Raises TooMuch for a stranger's beyond limits."""
    if request.actor.account_id:  # type: ignore[attr-defined]
        return verify(file.file, public, KNOWN)  # type: ignore[arg-type]
    _admit(request, file)
    return verify(file.file, public, STRANGER)  # type: ignore[arg-type]


def _admit(request: HttpRequest, file: UploadedFile[Any]) -> None:
    if (file.size or 0) > MOST_MB * 1024 * 1024:
        raise TooMuch(
            _("不登录时文件最多%(most)s MB。更大的材料包请登录后核验，或用命令核验。")
            % {"most": MOST_MB}
        )
    address = hashlib.sha256(sender_of(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[
        :32
    ]
    counts = [_count(f"reports.verify:{who}") for who in (address, "all")]
    if counts[0] > PER_ADDRESS or counts[1] > PER_SITE:
        raise TooMuch(_("核验得太频繁，请十分钟后再试。"))


def _count(key: str) -> int:
    """One more of these in the last minutes."""
    cache.add(key, 0, SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        return 1
