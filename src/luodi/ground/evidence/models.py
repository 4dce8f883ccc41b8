"""Files that prove something: kept once by their content, shown with what they belong to."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import Watch
from luodi.lib.errors import NotFound

HASH = re.compile("[0-9a-f]{64}")


class File(Scoped):
    """A file that belongs to one record (`subject` is the record's table)."""

    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    subject = models.CharField(max_length=63)
    subject_id = models.BigIntegerField()
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.BigIntegerField(_("大小（字节）"))
    sha256 = models.CharField(_("校验值"), max_length=64)
    uploaded_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    watch = Watch()

    class Meta:
        verbose_name = _("佐证材料")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="evidence_subject"),
            models.Index(fields=["sha256"], name="evidence_sha256"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="evidence_sha256_hex"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def location(self) -> Path:
        """Where the bytes are; see `location_of`."""
        return location_of(self.sha256)


def location_of(sha256: str) -> Path:
    """Where the bytes of this hash are: two levels of folders by its first digits.

    Raises NotFound for what is no hash: a path must not be led out of the folder by a row.
    """
    if not HASH.fullmatch(sha256):
        raise NotFound(_("没有这个文件。"))
    folder: Path = settings.EVIDENCE_DIR
    return folder / sha256[:2] / sha256[2:4] / sha256
