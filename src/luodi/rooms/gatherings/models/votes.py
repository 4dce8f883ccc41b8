"""Votes: what is voted on, who may, how many were there, and what follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Part
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.models.gathering import Gathering


class Choice(models.TextChoices):
    YES = "yes", _("赞成")
    NO = "no", _("反对")
    ABSTAIN = "abstain", _("弃权")


class Vote(Part):
    """A vote of a gathering. Who may vote is frozen, by name, when it closes.

    `rule` is the kind of vote (`kinds/votes.toml`); `judged` keeps what the rule asked when the
    vote closed, and how it came out. Of a secret vote only the sums are kept.
    """

    class State(models.TextChoices):
        OPEN = "open", _("表决中")
        CLOSED = "closed", _("已结束")
        WITHDRAWN = "withdrawn", _("已撤回")

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="votes", verbose_name=_("活动")
    )
    rule = models.CharField(_("表决类型"), max_length=40)
    subject = models.CharField(_("表决事项"), max_length=200)
    secret = models.BooleanField(_("无记名"), default=True)
    seats = models.PositiveSmallIntegerField(_("应选名额"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    entitled = models.JSONField(_("有表决权的人"), default=list, blank=True)
    present = models.PositiveIntegerField(_("实到有表决权人数"), null=True, blank=True)
    yes = models.PositiveIntegerField(_("赞成"), null=True, blank=True)
    no = models.PositiveIntegerField(_("反对"), null=True, blank=True)
    abstain = models.PositiveIntegerField(_("弃权"), null=True, blank=True)
    invalid = models.PositiveIntegerField(_("无效"), null=True, blank=True)
    carried = models.BooleanField(_("是否通过"), null=True, editable=False)
    judged = models.JSONField(_("结果和依据"), default=dict, editable=False)
    opened_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    guard = ByUnit(via="gathering")
    watch = Watch(hidden=["entitled"])

    class Meta:
        verbose_name = _("表决")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.subject


class Candidate(Part):
    """Somebody who stands in an election."""

    vote = models.ForeignKey(
        Vote, models.PROTECT, related_name="candidates", verbose_name=_("表决")
    )
    name = models.CharField(_("候选人"), max_length=60)
    votes = models.PositiveIntegerField(_("得票"), null=True, blank=True)
    elected = models.BooleanField(_("当选"), null=True, editable=False)

    guard = ByUnit(via="vote")
    watch = Watch(hidden=["name"])

    class Meta:
        verbose_name = _("候选人")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "name"], name="gathering_candidate_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Ballot(Part):
    """How somebody voted where the vote is open."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots", verbose_name=_("表决"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    choice = models.CharField(_("意见"), max_length=8, choices=Choice.choices)

    guard = ByUnit(via="vote")

    class Meta:
        verbose_name = _("表决意见")
        constraints = [
            models.UniqueConstraint(fields=["vote", "person"], name="gathering_ballot_once"),
            models.CheckConstraint(
                condition=Q(choice__in=["yes", "no", "abstain"]), name="gathering_ballot_choice"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_choice_display())
