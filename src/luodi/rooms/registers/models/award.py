"""An award's round: candidates, ballots by weighted juries, objections. Results are computed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Scoped, Unit
from luodi.ground.tables.api import IN_SCOPE, KEPT_ABOVE, ByUnit, Watch
from luodi.rooms.registers.models.entry import Entry
from luodi.rooms.registers.models.register import Register
from luodi.rooms.registers.tables import OWN_BALLOT


class Round(Scoped):
    """One run of an award, such as a year's. `plan` holds its stages, dates and juries as they
    were when it was opened; a later change of the register's parameters does not reach it.
    A stage that lasts working days (the public notice) is not left before `stage_until`, its last
    day, is over. `log` lists `{"stage", "since", "until"}` of the stages so far."""

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="rounds", verbose_name=_("台账")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="award_rounds", verbose_name=_("组织单位")
    )
    name = models.CharField(_("名称"), max_length=60)
    plan = models.JSONField(_("程序和参数"))
    stage = models.CharField(_("阶段"), max_length=20)
    opened_on = models.DateField(_("启动日期"))
    stage_until = models.DateField(_("本阶段最早结束日"), null=True)
    log = models.JSONField(_("各阶段的日期"), default=list)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    guard = ByUnit(also=KEPT_ABOVE, write=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("评选")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "unit", "name"], name="round_name")
        ]

    def __str__(self) -> str:
        return self.name


class Candidacy(Scoped):
    """That an entry stands in a round: what the review said, and whether it was awarded."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="candidacies", verbose_name=_("评选")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="candidacies", verbose_name=_("推荐单位")
    )
    name = models.CharField(_("候选"), max_length=60)
    reason = models.CharField(_("推荐理由"), max_length=500)
    passed = models.BooleanField(_("审核通过"), null=True)
    review = models.CharField(_("审核意见"), max_length=300, blank=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="candidacies", verbose_name=_("获评条目")
    )
    account_id = models.BigIntegerField(null=True, editable=False)

    guard = ByUnit(via="round", also=KEPT_ABOVE, update=IN_SCOPE, delete=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("候选")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "name"], name="candidacy_once")
        ]

    def __str__(self) -> str:
        return self.name


class Ballot(Scoped):
    """One voter's word on one candidate, in one jury. Who did not tick a candidate said no."""

    candidacy = models.ForeignKey(
        Candidacy, models.PROTECT, related_name="ballots", verbose_name=_("候选")
    )
    jury = models.CharField(_("评审组"), max_length=20)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("投票人"))
    approves = models.BooleanField(_("赞成"))
    at = models.DateTimeField(_("时间"))

    guard = ByUnit(via="candidacy", also=OWN_BALLOT)
    watch = Watch(hidden=["approves"])

    class Meta:
        verbose_name = _("选票")
        constraints = [models.UniqueConstraint(fields=["candidacy", "account"], name="ballot_once")]

    def __str__(self) -> str:
        return f"{self.jury} {self.candidacy_id}"


class Objection(Scoped):
    """What somebody brought against a candidate; resolved, upheld or not, before the award."""

    candidacy = models.ForeignKey(
        Candidacy, models.PROTECT, related_name="objections", verbose_name=_("候选")
    )
    text = models.CharField(_("异议"), max_length=500)
    by = models.CharField(_("提出人"), max_length=60)
    raised_at = models.DateTimeField(_("提出时间"))
    upheld = models.BooleanField(_("成立"), null=True)
    answer = models.CharField(_("处理意见"), max_length=500, blank=True)
    resolved_at = models.DateTimeField(_("处理时间"), null=True)

    guard = ByUnit(via="candidacy", also=KEPT_ABOVE, update=IN_SCOPE, delete=IN_SCOPE)
    watch = Watch(hidden=["by"])

    class Meta:
        verbose_name = _("异议")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:30]
