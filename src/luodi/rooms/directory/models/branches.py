"""Party organisations: branches, what type they are and when, and the enterprises they span."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped, Unit
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.models.dated import Dated, DatedQuerySet, never_twice, numbers
from luodi.rooms.directory.models.enterprises import Enterprise


class BranchType(models.TextChoices):
    BRANCH = "branch", _("党支部")
    TEMPORARY = "temporary", _("临时党支部")
    JOINT = "joint", _("联合党支部")
    GENERAL = "general", _("党总支")
    COMMITTEE = "committee", _("党委")


class Branch(Scoped):
    """A party organisation below the working committee. Its standings say what it is and when."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="branch", verbose_name=_("党组织")
    )
    superior = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inferiors",
        verbose_name=_("上级党组织"),
    )
    community = models.BooleanField(_("村、社区党组织"), default=False)
    term_started_on = models.DateField(_("本届班子产生日期"), null=True, blank=True)

    watch = Watch()

    class Meta:
        verbose_name = _("党组织")

    def __str__(self) -> str:
        return str(self.unit)


class Standing(Scoped, Dated):
    """That a party organisation exists, as one of the types: founded, reorganised, dissolved."""

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="standings", verbose_name=_("党组织")
    )
    type = models.CharField(_("类型"), max_length=16, choices=BranchType.choices)

    objects: DatedQuerySet[Standing] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    guard = ByUnit(via="branch")
    watch = Watch()

    class Meta:
        verbose_name = _("党组织类型")
        constraints = never_twice("standing", numbers("branch_id"))

    def __str__(self) -> str:
        return f"{self.branch} {self.get_type_display()}"


class BranchSpan(Scoped, Dated):
    """That a joint (or temporary) branch covers an enterprise that it does not stand under."""

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="spans", verbose_name=_("党组织")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="spans", verbose_name=_("覆盖企业")
    )

    objects: DatedQuerySet[BranchSpan] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    guard = ByUnit(via="branch")
    watch = Watch()

    class Meta:
        verbose_name = _("覆盖企业")
        constraints = never_twice("span", numbers("branch_id"), numbers("enterprise_id"))

    def __str__(self) -> str:
        return f"{self.branch} · {self.enterprise}"


class RuleOverride(Scoped):
    """That a remark of a rule is set aside for one organisation, and why."""

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="overrides", verbose_name=_("党组织")
    )
    rule = models.CharField(_("规则"), max_length=40)
    reason = models.CharField(_("理由"), max_length=300)
    account_id = models.BigIntegerField(_("操作人"), null=True, editable=False)
    made_at = models.DateTimeField(_("设立时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    guard = ByUnit(via="branch")
    watch = Watch()

    class Meta:
        verbose_name = _("规则的例外")
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "rule"],
                condition=models.Q(ended_at__isnull=True),
                name="override_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"
