"""Elections that are held early or late; companions of two-way training."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Part
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.api import Branch, Person

DIRECTIONS = {"to_member": _("把骨干培养成党员"), "to_backbone": _("把党员培养成骨干")}


class TermShift(Part):
    """That an election is held earlier or later than it is due, and why (第三条: at most a year)."""

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="term_shifts", verbose_name=_("党组织")
    )
    due_on = models.DateField(_("届满日期"))
    moved_to = models.DateField(_("改在"))
    reason = models.CharField(_("理由"), max_length=200)

    guard = ByUnit(via="branch")
    watch = Watch()

    class Meta:
        verbose_name = _("提前或延期换届")
        constraints = [
            models.UniqueConstraint(fields=["branch", "due_on"], name="pathways_shift_once")
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.moved_to}"


class Pairing(Part):
    """Two-way training: one person with a named companion, from a day until a day."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="pairings", verbose_name=_("培养对象")
    )
    direction = models.CharField(_("方向"), max_length=12, choices=DIRECTIONS)
    companion = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("结对党员或骨干")
    )
    since = models.DateField(_("自"))
    goal = models.CharField(_("目标"), max_length=120)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=200, blank=True)

    guard = ByUnit(via="person")
    watch = Watch(hidden=["result"])

    class Meta:
        verbose_name = _("双向培养")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "direction"],
                condition=models.Q(ended_on=None),
                name="pathways_pairing_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("pathways:pairing", args=[self.pk])


class PairingStep(Part):
    """What the two agreed to do, until when; done with a sentence."""

    pairing = models.ForeignKey(
        Pairing, models.CASCADE, related_name="steps", verbose_name=_("双向培养")
    )
    text = models.CharField(_("做什么"), max_length=120)
    due_on = models.DateField(_("期限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    sentence = models.CharField(_("完成情况"), max_length=200, blank=True)

    guard = ByUnit(via="pairing")
    watch = Watch(hidden=["sentence"])

    class Meta:
        verbose_name = _("双向培养的安排")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text
