"""What somebody without an account may bring to be verified: smaller files, and fewer of them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from luodi.ground.scope.api import one_more
from luodi.lib.errors import UserError
from luodi.lib.neighbours import sender_of
from luodi.lib.sandbox import OURS, STRANGERS, Busy
from luodi.rooms.reports.verifying import KNOWN, STRANGER, Verdict, verify_apart

MOST_MB = 20  # of a stranger's file
SECONDS = 600
PER_ADDRESS, PER_SITE = 10, 60  # strangers' files in so many seconds


class TooMuch(UserError):
    """A stranger's file that is not looked at, or not now."""

    status = 429


def verify_upload(request: HttpRequest, file: UploadedFile[Any], public: str) -> Verdict:
    """The verdict on a file that somebody brings. Raises TooMuch for a stranger's beyond limits."""
    known = bool(request.actor.account_id)  # type: ignore[attr-defined]
    if not known:
        _admit(request, file)
    limits, pool = (KNOWN, OURS) if known else (STRANGER, STRANGERS)
    try:
        return verify_apart(file.file, public, limits, pool)  # type: ignore[arg-type]
    except Busy:
        raise TooMuch(_("正在核验的文件较多，请稍后再试。")) from None


def _admit(request: HttpRequest, file: UploadedFile[Any]) -> None:
    if (file.size or 0) > MOST_MB * 1024 * 1024:
        raise TooMuch(
            _("不登录时文件最多%(most)s MB。更大的材料包请登录后核验，或用命令核验。")
            % {"most": MOST_MB}
        )
    address = hashlib.sha256(sender_of(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[
        :32
    ]
    for who, most in ((address, PER_ADDRESS), ("all", PER_SITE)):
        if one_more(f"reports.verify:{who}", SECONDS) > most:
            raise TooMuch(_("核验得太频繁，请十分钟后再试。"))
