"""Forms of templates and reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, Unit, UnitKind, today
from luodi.rooms.reports.exports.article import charts_of, evidence_of, known_at
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.verbs.templates import patterns

REPORTING = (UnitKind.COUNTY, UnitKind.ZONE, UnitKind.DISTRICT)
MOST_UNITS = 300


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class UnitForm(forms.Form):
    """A unit for whose reports the actor has the permission."""

    permission = "reports.write"
    unit = UnitChoice(label=_("单位"), queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        units = Unit.objects.open().of_kind(*REPORTING).order_by("path")
        ids = [one.pk for one in units if actor.may(self.permission, one.path)][:MOST_UNITS]
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=ids).order_by("path")  # type: ignore[attr-defined]
        self.fields["unit"].initial = self.fields["unit"].queryset.first()  # type: ignore[attr-defined]


class SpanForm(UnitForm):
    """A unit that the actor writes reports for, and a period; as they begin: this year."""

    since = forms.DateField(label=_("起始日期"), widget=forms.DateInput())
    until = forms.DateField(label=_("截至日期"), widget=forms.DateInput())

    def __init__(self, *args: Any, **rest: Any) -> None:
        day = today()
        rest["initial"] = {"since": dt.date(day.year, 1, 1), "until": day} | rest.get("initial", {})
        super().__init__(*args, **rest)


class DraftForm(SpanForm):
    template = forms.ChoiceField(label=_("模板"), choices=[])
    field_order = ("template", "unit", "since", "until")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["template"].choices = [(one.key, one.name) for one in patterns()]  # type: ignore[attr-defined]


class SigningForm(UnitForm):
    permission = "reports.signing"
    another_approves = forms.BooleanField(
        label=_("签发自己写的报告，须先经别人审核"), required=False
    )


class TextForm(forms.Form):
    """Title and body of a template or a draft."""

    title = forms.CharField(label=_("标题"), max_length=200)
    text = forms.CharField(
        label=_("正文"),
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "class": "source"}),
    )


class TemplateForm(TextForm, SpanForm):
    """A template, and for whom and when it is previewed; it is the unit's own."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("title", "text", "unit", "since", "until", "number")


class ReportForm(TextForm):
    """A draft's words and what an official document has around them."""

    issuer = forms.CharField(
        label=_("发文机关标志"),
        max_length=30,
        required=False,
        help_text=_("填写后按红头文件排版，如“某某开发区党工委文件”。"),
    )
    number = forms.CharField(label=_("发文字号"), max_length=40, required=False)
    addressee = forms.CharField(label=_("主送机关"), max_length=200, required=False)
    signer = forms.CharField(label=_("落款"), max_length=60, required=False)
    signed_on = forms.CharField(label=_("成文日期"), max_length=20, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class StepForm(forms.Form):
    comment = forms.CharField(
        label=_("意见"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("撤回的原因"), max_length=200)


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=_("文件"), help_text=_("签发的 Word、PDF、签名文件（.json）或佐证材料包（.zip）。")
    )
    key = forms.CharField(
        label=_("公钥"), required=False, max_length=64, help_text=_("不填则按本站的公钥核验。")
    )


class ReportFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *State.choices]
    )


class PicturesForm(forms.Form):
    """Which charts and which evidence pictures go into the article."""

    charts = forms.TypedMultipleChoiceField(
        label=_("变化图（近十二个月，签发时的记录）"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.TypedMultipleChoiceField(
        label=_("佐证照片"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("文章是给所有人看的：请确认照片可以公开。放进文章会记入审计。"),
    )

    def __init__(self, data: Any, *, actor: Actor, report: Report) -> None:
        super().__init__(data)
        charts = [(one.place, one.label) for one in charts_of(report)]
        self.fields["charts"].choices = charts  # type: ignore[attr-defined]
        if report.published_at and known_at(report) is None:
            self.fields["charts"].label = _("变化图（近十二个月，按现在的记录：签发早于系统启用）")
        evidence = [
            (one.place, f"{one.label}（{filesizeformat(one.size)}）") for one in evidence_of(report)
        ]
        if evidence and actor.may("reports.publish", report.unit.path):
            self.fields["evidence"].choices = evidence  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"]
