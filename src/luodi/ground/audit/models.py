"""The trail: one entry for each change of a watched row, written by the database itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import (
    IN_SCOPE,
    NOBODY,
    Guard,
    More,
    Policy,
    Public,
    Unwatched,
    WrittenBy,
    has_power,
)

# The triggers' function runs as the schema's owner.
WRITTEN_BY_TRIGGERS = Policy("written", "INSERT", check="true", to="luodi_owner, luodi_migrate")
READ_BY_OWNER = Policy("read_by_owner", "SELECT", using="true", to="luodi_owner")


# What became of units is no business of theirs: who administers the tree reads it.
OF_UNITS = f"({{table}}.subject IN ('scope_unit', 'scope_unitname') AND {has_power('system')})"


class Entry(models.Model):
    """One change, as the trigger wrote it. Nothing updates, deletes or truncates this table.

    `changes` maps a column to `[before, after]`; `digest` is SHA-256 over the canonical bytes that
    `seal.canonical` describes.
    """

    id = models.BigAutoField(primary_key=True)
    epoch = models.IntegerField()
    xid = models.BigIntegerField()
    at = models.DateTimeField(_("时间"))
    account_id = models.BigIntegerField(_("操作人"), null=True)
    action = models.CharField(_("动作"), max_length=16)
    subject = models.CharField(_("对象"), max_length=63)
    subject_id = models.CharField(max_length=40)
    path = models.TextField(null=True, db_collation="C")
    changes = models.JSONField()
    why = models.TextField(_("原因"), blank=True)
    digest = models.BinaryField(max_length=32)

    guard = Guard(
        read=f"{has_power('trail')} OR {IN_SCOPE} OR {OF_UNITS}",
        insert=NOBODY,
        update=NOBODY,
        delete=NOBODY,
    )
    watch = Unwatched("it is the trail", timeless=True)
    append_only = True
    more = More(rights=["SELECT"], policies=[WRITTEN_BY_TRIGGERS, READ_BY_OWNER])

    class Meta:
        verbose_name = _("审计记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["epoch", "xid", "id"], name="audit_xid"),
            models.Index(fields=["account_id", "id"], name="audit_account"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"


class Epoch(models.Model):
    """A life of the database: transaction ids start anew when it is restored."""

    number = models.IntegerField(primary_key=True)
    began_at = models.DateTimeField()

    guard = Public("how often the database was restored")
    watch = Unwatched("written by who restores, and never changed", timeless=True)
    more = More(rights=["SELECT"])

    def __str__(self) -> str:
        return str(self.number)


class Seal(models.Model):
    """The Merkle root over all entries of one epoch with `xid_from <= xid < xid_to`.

    `digest` also covers the seal before it, so that a removed seal shows.
    """

    epoch = models.IntegerField()
    xid_from = models.BigIntegerField()
    xid_to = models.BigIntegerField()
    entries = models.IntegerField(_("条数"))
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(_("封印值"), max_length=32)
    at = models.DateTimeField(_("封印时间"))

    # Roots of the sealed trail, meant to be shown to anyone.
    guard = WrittenBy(write=NOBODY, insert=has_power("engine"))
    watch = Unwatched("each one covers the one before it", timeless=True)
    append_only = True

    class Meta:
        verbose_name = _("封印")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["epoch", "xid_from"], name="seal_once")]

    def __str__(self) -> str:
        return bytes(self.digest).hex()
