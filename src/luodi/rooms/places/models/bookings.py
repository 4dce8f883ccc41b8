"""Bookings, the dates that they were written out into, and what each date holds."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import several
from luodi.ground.scope.api import Account, Part, Record, Scoped
from luodi.ground.tables.api import IN_SCOPE, ByUnit, Unwatched
from luodi.rooms.places.models.places import KEPT, OF_VENUE, WEEKDAYS, Item, Room, Venue

# Who may change a date may change what it holds: a booking is seen by its unit and by keepers.
OF_OCCURRENCE = (
    "EXISTS (SELECT 1 FROM places_occurrence AS mine WHERE mine.id = {table}.occurrence_id)"
)


class Repeat(models.TextChoices):
    """How a booking repeats. A month without the day (31 June) has no such date."""

    ONCE = "once", _("不重复")
    DAILY = "daily", _("每天")
    WORKDAYS = "workdays", _("每个工作日")
    WEEKLY = "weekly", _("每周")
    MONTH_DAY = "month_day", _("每月同一日")
    MONTH_WEEKDAY = "month_weekday", _("每月同一个星期几")
    MONTH_END = "month_end", _("每月最后一天")


class State(models.TextChoices):
    """What became of one date. Only some hold the room: see `HOLDING`."""

    HELD = "held", _("已预订")
    ASKED = "asked", _("待批准")
    WAITING = "waiting", _("排队中")
    OFFERED = "offered", _("待您答复")
    SKIPPED = "skipped", _("已跳过")
    CANCELLED = "cancelled", _("已取消")
    REFUSED = "refused", _("未获批准")


HOLDING = frozenset({State.HELD, State.ASKED, State.OFFERED})


class Booking(Record):
    """That a unit uses rooms of a venue, once or again and again until an end.

    "This and later" splits one: `continues` names the first of the line, whose number it keeps.
    """

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+", verbose_name=_("场所"))
    title = models.CharField(_("事由"), max_length=100)
    people = models.PositiveSmallIntegerField(_("人数"), null=True, blank=True)
    repeat = models.CharField(_("重复"), max_length=13, choices=Repeat, default=Repeat.ONCE)
    every = models.PositiveSmallIntegerField(_("间隔"), default=1)
    weekdays = several(_("星期"), WEEKDAYS)
    until = models.DateField(_("重复到"), null=True, blank=True)
    skip_holidays = models.BooleanField(_("跳过节假日"), default=False)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="later"
    )
    booked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("预订人")
    )
    booked_at = models.DateTimeField(_("预订时间"))

    guard = ByUnit(also=KEPT)

    class Meta:
        verbose_name = _("预订")
        indexes = [models.Index(fields=["booked_by", "booked_at"], name="booking_by")]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> int:
        """What people call it by: that of the first of its line."""
        return int(self.continues_id or self.pk)


class Occurrence(Part):
    """One date of a booking: its own state, time and reason. What is skipped stays, and can come back.

    `answer_by`: until when who waited may take what became free.
    """

    guard = ByUnit(via="booking", also=KEPT)
    booking = models.ForeignKey(
        Booking, models.PROTECT, related_name="occurrences", verbose_name=_("预订")
    )
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+", verbose_name=_("场所"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.HELD)
    why = models.CharField(_("说明"), max_length=200, blank=True)
    answer_by = models.DateTimeField(_("答复截止"), null=True, editable=False)
    changed_at = models.DateTimeField(_("变更时间"))

    class Meta:
        verbose_name = _("预订日期")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occurrence_ends"),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=False) | ~Q(state="offered"),
                name="occurrence_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["booking", "starts_at"], name="occurrence_of"),
            models.Index(fields=["venue", "starts_at"], name="occurrence_at"),
            models.Index(
                fields=["venue", "starts_at"],
                condition=Q(state__in=["asked", "waiting", "offered"]),
                name="occurrence_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking} {self.starts_at:%Y-%m-%d}"

    @property
    def holds(self) -> bool:
        return self.state in HOLDING


class Hold(Scoped):
    """That one date holds one thing: a room, or a piece of equipment; of a hall, each of its parts.

    `resource` names the thing: twice a room's id, or twice an item's and one. `room` is what was
    asked for. The times are with what setting up and clearing take. No two that hold overlap: the
    constraint is the last word; the first are locks, taken in ascending order (see `taking`).
    """

    guard = ByUnit(
        via="venue",
        also=OF_VENUE,
        write=f"{IN_SCOPE} OR {OF_OCCURRENCE}",
    )
    watch = Unwatched("follows from occurrences and rooms, which are watched")
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="takings")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+")
    resource = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    holding = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(room__isnull=False) ^ Q(item__isnull=False), name="hold_of_one"
            ),
            ExclusionConstraint(
                name="hold_once",
                expressions=[
                    (
                        Func(F("resource"), F("resource"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(holding=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["resource", "starts_at"], condition=Q(holding=True), name="hold_when"
            ),
            models.Index(fields=["room", "starts_at"], name="hold_room"),
        ]


class KeeperNote(Part):
    """What keepers tell each other of a booking; who booked does not see it."""

    guard = ByUnit(via="venue")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+", verbose_name=_("场所"))
    booking = models.OneToOneField(
        Booking, models.PROTECT, related_name="note", verbose_name=_("预订")
    )
    text = models.TextField(_("内部备注"), max_length=1000)

    class Meta:
        verbose_name = _("内部备注")
