"""What happened to a case, and the responsibility list: who has it, who was offered it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import FOUND_BY_OWNER, Key, More, Watch
from luodi.rooms.casework.models.case import Case
from luodi.rooms.casework.queries import ResponsibilityQuerySet
from luodi.rooms.casework.tables import OF_CASE, SHARING, STEPS


def case_key(related_name: str) -> models.ForeignKey[Case, Case]:
    """A child's link to its case; the composite key with `path` is the database's constraint."""
    return models.ForeignKey(
        Case,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name=related_name,
        verbose_name=_("问题"),
    )


class Event(Scoped):
    """Something that happened; append-only. State and clocks are replayed from these rows.

    clock: its effects on the clocks (`clocks.EFFECTS`). payload: facts of the verb; never a
    personal value.
    """

    case = case_key("events")
    version = models.IntegerField()
    at = models.DateTimeField(_("时间"))
    account = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("操作人"),
    )
    transition = models.CharField(_("动作"), max_length=24)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(_("状态"), max_length=24)
    clock = ArrayField(models.CharField(max_length=10), default=list)
    note = models.TextField(_("说明"), blank=True)
    payload = models.JSONField(default=dict)

    guard = OF_CASE
    watch = Watch()
    append_only = True

    class Meta:
        verbose_name = _("经过")
        ordering = ["case_id", "version"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="event_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.version} {self.transition}"

    @property
    def label(self) -> str:
        """What happened, in words. Reads the case: load it with the event."""
        return str(self.case.plan.label_of(self.transition))

    @property
    def state_label(self) -> str:
        return str(self.case.plan.states[self.to_state].label)


class Responsibility(Scoped):
    """That a unit, and a named person, is to lead or to help. The lead is never nobody."""

    class Role(models.TextChoices):
        LEAD = "lead", _("主办")
        CO = "co", _("协办")

    class Status(models.TextChoices):
        OFFERED = "offered", _("待接收")
        ACCEPTED = "accepted", _("在办")
        RETURNED = "returned", _("已退回")
        ENDED = "ended", _("已交出")

    case = case_key("responsibilities")
    unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("责任单位")
    )
    account = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("责任人"),
    )
    role = models.CharField(_("分工"), max_length=4, choices=Role)
    status = models.CharField(_("状态"), max_length=8, choices=Status)
    by = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("交办人"),
    )
    at = models.DateTimeField(_("交办时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    reason = models.TextField(_("说明"), blank=True)

    guard = OF_CASE
    watch = Watch()
    more = More(statistics=STEPS)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("责任")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(role="lead", status="accepted"),
                name="one_lead",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="lead", status="offered"), name="one_offer"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(role="co", status__in=["offered", "accepted"]),
                name="helper_once",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="responsibility_case"),
            models.Index(
                fields=["unit"],
                name="responsibility_unit",
                condition=Q(status__in=["offered", "accepted"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id} {self.role} {self.status}"


class Share(Scoped):
    """Sight of exactly this case for a unit that is not above it: a county department, say."""

    case = case_key("shares")
    unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("单位")
    )
    unit_path = models.TextField(db_collation="C", editable=False)

    guard = SHARING
    watch = Watch()
    more = More(
        keys=[Key("share_unit_path_fk", "unit_id, unit_path", "scope_unit")],
        policies=[FOUND_BY_OWNER],
    )

    class Meta:
        verbose_name = _("共享")
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="share_once")]
        indexes = [models.Index(fields=["unit_path", "case"], name="share_unit_path")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"


class Verification(Scoped):
    """What the reporter said of a submitted solution, or that time said it."""

    case = case_key("verifications")
    satisfied = models.BooleanField(_("满意"))
    by_time = models.BooleanField(_("逾期视为确认"), default=False)
    words = models.TextField(_("评价"), blank=True)
    account = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("评价人"),
    )
    at = models.DateTimeField(_("评价时间"))

    guard = OF_CASE
    watch = Watch()
    append_only = True

    class Meta:
        verbose_name = _("评价")
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="verification_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.satisfied}"
