"""A gathering, and who is asked to it and came."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Record, Scoped
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.kinds import LATE_AFTER, Kind, kind_of

# Who is asked to a gathering sees it wherever it is held. An array, so that its index is used.
ASKED = """{table}.id = ANY (ARRAY(SELECT mine.gathering_id FROM gatherings_attendance AS mine
      WHERE mine.account_id = (SELECT luodi_account())))"""


class State(models.TextChoices):
    PLANNED = "planned", _("计划中")
    HELD = "held", _("已开展")
    CANCELLED = "cancelled", _("已取消")


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def of_kinds(self, kinds: Any) -> GatheringQuerySet:
        """Those that are of one of the kinds, or held together with one."""
        keys = [getattr(one, "key", one) for one in kinds]
        return self.filter(Q(kind__in=keys) | Q(also__overlap=keys))

    def between(self, since: dt.date, until: dt.date) -> GatheringQuerySet:
        """Those that begin on a day from `since` on and up to `until`, which counts."""
        return self.filter(starts_at__gte=_midnight(since), starts_at__lt=_midnight(until, 1))

    def counted(self) -> GatheringQuerySet:
        """Each with how many were expected and how many of them came, as the list or a book says it;
        guests by name are beside them."""
        people = Attendance.objects.filter(gathering=models.OuterRef("pk"), guest="").order_by()
        number = people.values("gathering").annotate(n=models.Count("pk")).values("n")
        there = people.filter(state__in=THERE).values("gathering")
        came = there.annotate(n=models.Count("pk")).values("n")
        zero = models.Value(0)
        return self.annotate(
            expected=Coalesce(F("told_expected"), models.Subquery(number), zero),
            attending=Coalesce(F("told_came"), models.Subquery(came), zero),
        )


def _midnight(day: dt.date, days: int = 0) -> dt.datetime:
    plain = dt.datetime.combine(day + dt.timedelta(days=days), dt.time())
    return timezone.make_aware(plain)


class Gathering(Record):
    """A meeting, a lesson, a day out: something that a unit holds with people, of a kind.

    `also`: the kinds that are held together with it (a lesson on a theme day). `told_expected`
    and `told_came` are numbers that a book of former days says instead of a list of people.
    """

    kind = models.CharField(_("类型"), max_length=40)
    also = ArrayField(
        models.CharField(max_length=40), verbose_name=_("同时开展"), default=list, blank=True
    )
    title = models.CharField(_("主题"), max_length=120)
    agenda = models.TextField(_("议程"), blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    booking = models.OneToOneField(
        "places.Booking", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("房间预订"),
    )  # fmt: skip
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人")
    )
    lecturer = models.CharField(_("主讲人"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    why = models.CharField(_("原因"), max_length=200, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1, null=True, blank=True)
    told_expected = models.PositiveIntegerField(_("应到人数"), null=True, blank=True)
    told_came = models.PositiveIntegerField(_("实到人数"), null=True, blank=True)
    entered_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人")
    )
    entered_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    recorded_at = models.DateTimeField(_("出席登记时间"), null=True, editable=False)
    changed_at = models.DateTimeField(_("通知更改时间"), default=timezone.now, editable=False)
    sequence = models.PositiveIntegerField(_("通知的版次"), default=0, editable=False)

    objects: GatheringQuerySet = GatheringQuerySet.as_manager()  # type: ignore[assignment]

    guard = ByUnit(also=ASKED, indexed=True)

    class Meta:
        verbose_name = _("活动")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="gathering_ends_after",
                violation_error_message=_("结束时间要晚于开始时间。"),
                violation_error_code="ends_at",
            )
        ]
        indexes = [
            models.Index(fields=["path", "starts_at"], name="gathering_path"),
            models.Index(fields=["unit", "starts_at"], name="gathering_unit"),
            # the newest of a whole zone: read backwards until the page is full
            models.Index(fields=["starts_at", "id"], name="gathering_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def of_kind(self) -> Kind:
        return kind_of(self.kind)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Its kind, and those that are held together with it."""
        return (kind_of(self.kind), *map(kind_of, self.also))

    @property
    def fulfils(self) -> frozenset[str]:
        """The keys of the duties that it can fulfil, each once."""
        return frozenset(key for kind in self.kinds for key in kind.fulfils)

    @property
    def on(self) -> dt.date:
        """The day on which it begins."""
        return timezone.localdate(self.starts_at)

    @property
    def entered_late(self) -> int | None:
        """How many days after its end it was entered, where that is longer than is usual."""
        known_at = self.recorded_at or self.entered_at
        days = (timezone.localdate(known_at) - timezone.localdate(self.ends_at)).days
        return days if self.state == State.HELD and days > LATE_AFTER.days else None


class Presence(models.TextChoices):
    """Whether somebody came: nothing else is kept of it, no time, no place, no picture."""

    CAME = "came", _("到会")
    LATE = "late", _("迟到")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")

    __empty__ = _("未登记")


THERE = (Presence.CAME, Presence.LATE)


class Answer(models.TextChoices):
    YES = "yes", _("参加")
    NO = "no", _("不能参加")

    __empty__ = _("未答复")


class Attendance(Scoped):
    """Somebody of a gathering: expected by the rule of its kind, or invited by name.

    A person of the directory, or a guest by name; `account` is who can be told and may answer.
    """

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="people", verbose_name=_("活动")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="attendances", verbose_name=_("人员")
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("账号")
    )
    guest = models.CharField(_("嘉宾"), max_length=60, blank=True)
    guest_of = models.CharField(_("嘉宾单位"), max_length=60, blank=True)
    by_rule = models.BooleanField(_("应到"), default=True)
    answer = models.CharField(_("答复"), max_length=4, choices=Answer.choices, blank=True)
    state = models.CharField(_("出席"), max_length=8, choices=Presence.choices, blank=True)
    reason = models.CharField(_("事由"), max_length=100, blank=True)

    guard = ByUnit(via="gathering", also="{table}.account_id = (SELECT luodi_account())")
    watch = Watch(hidden=["guest", "guest_of", "reason"])

    class Meta:
        verbose_name = _("出席")
        ordering = ["-by_rule", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "person"], name="gathering_attendance_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(account__isnull=False) | ~Q(guest=""),
                name="gathering_attendance_of_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "gathering"],
                name="gathering_attendance_account",
                condition=Q(account__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the person is called: by the directory, by the account, or as was typed."""
        if self.guest:
            return f"{self.guest}（{self.guest_of}）" if self.guest_of else self.guest
        somebody = self.person or self.account
        return somebody.name if somebody else ""
