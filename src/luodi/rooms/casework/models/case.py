"""The problem list: one row for each case."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import FOUND_BY_OWNER, ByUnit, More, Public, Watch
from luodi.rooms.casework.procedure import Procedure, State, procedures
from luodi.rooms.casework.queries import CaseManager
from luodi.rooms.casework.tables import SHARED, STEPS


class Category(models.Model):
    """What a problem is about. Without a unit it is everyone's, else that zone's."""

    unit = models.ForeignKey(
        "scope.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
    )
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.IntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    guard = Public("names of kinds of problems; no personal data")
    watch = Watch()

    class Meta:
        verbose_name = _("问题类别")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], nulls_distinct=False, name="category_once"
            )
        ]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Course:
    """What follows from a case's own columns, of a row and of a line of a list."""

    procedure: str
    state: str
    outcome: str
    closed_at: dt.datetime | None
    met_at: dt.datetime | None
    due_at: dt.datetime | None
    next_due_at: dt.datetime | None
    amber_at: dt.datetime | None
    missed_at: dt.datetime | None
    paused: bool

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def plan(self) -> Procedure:
        """The procedure that the case follows."""
        return procedures()[self.procedure]

    @property
    def state_now(self) -> State:
        return self.plan.states[self.state]

    def light_at(self, at: dt.datetime) -> str:
        """`queries.light_rules` for this case: green, amber, red, paused, or none for what ended
        unsolved."""
        if self.outcome not in {"", "solved"}:
            return "none"
        due, is_open = self.next_due_at, self.closed_at is None
        late = self.met_at is not None and (
            self.missed_at is not None or (self.due_at is not None and self.met_at > self.due_at)
        )
        if late or (is_open and due is not None and due < at):
            return "red"
        if is_open and self.amber_at is not None and self.amber_at <= at:
            return "amber"
        return "paused" if self.paused else "green"

    @property
    def light(self) -> str:
        """The light as it is now."""
        return self.light_at(timezone.now())


class Case(Scoped, Course):
    """A problem, a fault to correct or a practical matter, on its way to a confirmed end.

    `unit` is the one whose problem it is. What stands below `version` is a projection of the
    history (`engine.project`), kept for lists; nothing else writes it.
    """

    class Channel(models.TextChoices):
        LIAISON = "liaison", _("联络员填报")
        BEHALF = "behalf", _("代为登记")
        EXCEL = "excel", _("表格导入")
        API = "api", _("接口报送")
        PUBLIC = "public", _("扫码反映")
        HISTORY = "history", _("历史台账")
        ARCHIVE = "archive", _("历史台账（不计入统计）")

    class ConfirmedHow(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        TIME = "time", _("逾期未评价，视为确认")
        RECORD = "record", _("依历史台账")

    unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("单位")
    )
    code = models.CharField(_("编号"), max_length=24, unique=True)
    procedure = models.CharField(_("流程"), max_length=32)
    procedure_version = models.IntegerField()
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("类别"),
    )
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("问题"))
    reporter = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("反映人账号"),
    )
    reporter_unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("反映单位")
    )
    reporter_name = models.CharField(_("反映人"), max_length=60)
    reporter_phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    channel = models.CharField(_("来源"), max_length=8, choices=Channel)
    raised_at = models.DateTimeField(_("反映时间"))
    is_example = models.BooleanField(_("示例"), default=False)
    version = models.IntegerField(default=0)

    state = models.CharField(_("状态"), max_length=24)
    outcome = models.CharField(_("结果"), max_length=12, blank=True)
    lead_unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name=_("主办单位")
    )
    lead_account = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("责任人"),
    )
    waits_on = models.CharField(max_length=8, blank=True)
    waiting_unit = models.ForeignKey(
        "scope.Unit",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("当前环节单位"),
    )
    waiting_account = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("当前处理人"),
    )
    first_due_at = models.DateTimeField(_("响应期限"), null=True)
    responded_at = models.DateTimeField(_("响应时间"), null=True)
    due_at = models.DateTimeField(_("办理期限"), null=True)
    met_at = models.DateTimeField(_("提交时间"), null=True)
    next_due_at = models.DateTimeField(_("期限"), null=True)
    amber_at = models.DateTimeField(null=True)
    extended = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    missed_at = models.DateTimeField(_("延期前已超过的期限"), null=True)
    missed_until = models.DateTimeField(_("超期后延期的时间"), null=True)
    paused = models.BooleanField(_("已挂起"), default=False)
    paused_until = models.DateField(_("约定恢复日期"), null=True)
    confirm_at = models.DateTimeField(_("视为确认时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    confirmed_how = models.CharField(_("确认方式"), max_length=10, choices=ConfirmedHow, blank=True)
    reopened = models.PositiveSmallIntegerField(_("重办次数"), default=0)
    supervised_at = models.DateTimeField(_("督办时间"), null=True)
    escalated_unit = models.ForeignKey(
        "scope.Unit",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("已上报至"),
    )
    escalated_due_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="merged",
        verbose_name=_("并入"),
    )
    search = SearchVectorField(null=True, editable=False)

    guard = ByUnit(also=f"{{table}}.id = ANY({SHARED})", indexed=True)
    watch = Watch(hidden=["reporter_name", "reporter_phone"], ignored=["search"])
    more = More(statistics=STEPS, policies=[FOUND_BY_OWNER])

    objects = CaseManager()

    class Meta:
        verbose_name = _("问题")
        ordering = ["-raised_at", "-id"]
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["raised_at", "id"], name="case_raised"),
            models.Index(fields=["path"], name="case_open", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["next_due_at", "id"],
                name="case_next_due",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["waiting_account"],
                name="case_waiting_account",
                condition=Q(closed_at__isnull=True, waiting_account__isnull=False),
            ),
            models.Index(
                fields=["waiting_unit"],
                name="case_waiting_unit",
                condition=Q(closed_at__isnull=True, waiting_account__isnull=True),
            ),
            models.Index(
                fields=["lead_account"],
                name="case_lead",
                condition=Q(closed_at__isnull=True, lead_account__isnull=False),
            ),
            models.Index(
                fields=["reporter"], name="case_reporter", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["confirm_at"], name="case_confirm", condition=Q(confirm_at__isnull=False)
            ),
            models.Index(
                fields=["paused_until"],
                name="case_paused_until",
                condition=Q(paused_until__isnull=False),
            ),
            models.Index(
                fields=["merged_into"], name="case_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
            GinIndex(fields=["search"], name="case_search"),
            GinIndex(models.Func("search", "path", function="casework_words"), name="case_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, waits_on="")
                | (Q(closed_at__isnull=True) & ~Q(waits_on="")),
                name="case_open_waits_on_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def phone_masked(self) -> str:
        """`138****5678`: what may be shown without a reason."""
        phone = self.reporter_phone
        return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)
