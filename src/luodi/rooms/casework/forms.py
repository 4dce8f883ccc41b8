"""The forms by which a case is raised and carried. Rules are the verbs'; a form only asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import FilesField
from luodi.ground.scope.api import Actor, UnitKind, today
from luodi.ground.scope.fields import SuggestInput, UnitField, units_of
from luodi.ground.scope.people import names_of
from luodi.rooms.casework.fields import (
    HolderField,
    may_take,
)
from luodi.rooms.casework.models import Case, Category, Link, Measure, Template
from luodi.rooms.casework.procedure import procedures
from luodi.rooms.casework.queries import CODE
from luodi.rooms.casework.reading import similar
from luodi.rooms.casework.standing import Standing, carriers, known_to
from luodi.rooms.casework.timeline import way_of
from luodi.shell.forms import OneLanguage


def long_text(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text)


# --- carrying a case ------------------------------------------------------------------------


class StepForm(forms.Form):
    """What a step asks for. `version`: the case as its page showed it."""

    kind = ""  # of the text templates that it offers for its field `text`
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, case: Case, standing: Standing, actor: Actor, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.case, self.standing, self.actor = case, standing, actor
        self.set_up()

    def set_up(self) -> None:
        """Fills the choices that depend on the case."""


class ReasonForm(StepForm):
    reason = long_text(_("原因"), rows=3)


class ReceiveForm(StepForm):
    title = forms.CharField(label=_("标题"), max_length=120, required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("类别"), required=False, empty_label=_("不确定")
    )

    def set_up(self) -> None:
        offered = known_to(self.actor, Category.objects.all())
        own = Category.objects.filter(pk=self.case.category_id or 0)
        self.fields["category"].queryset = offered | own  # type: ignore[attr-defined]
        self.initial.setdefault("title", self.case.title)
        self.initial.setdefault("category", self.case.category_id)


class PauseForm(ReasonForm):
    until = forms.DateField(
        label=_("约定恢复日期（选填）"),
        required=False,
        widget=forms.DateInput,
        help_text=_("到这一天会提醒办理人恢复办理。"),
    )


class NoteForm(StepForm):
    reason = long_text(_("说明"), required=False, rows=3)


class AnswerForm(StepForm):
    kind = Template.Kind.ANSWER
    text = long_text(_("进展情况"), help_text=_("反映人能看到这段话。"))
    file = FilesField()


class TextForm(StepForm):
    text = long_text(_("要求"))


class UrgeForm(StepForm):
    text = long_text(_("想说的话"), required=False, rows=2)


class AttachForm(StepForm):
    file = FilesField(required=True)


MOST_OFFERED = 9
OFFERED = {"down": _("交办：下级单位"), "side": _("转办：其他单位"), "up": _("上报：上级单位")}


class HandOverForm(StepForm):
    holder = HolderField(label=_("交给谁"), help_text=_("对方接收之前，仍由现在的责任单位负责。"))
    reason = long_text(_("交办说明"), required=False, rows=3)

    def set_up(self) -> None:
        lead = self.standing.lead
        units = [one for one in may_take(self.case.unit) if one.pk != lead.unit_id]
        ways = {one.pk: way_of(lead.unit, one) for one in units}
        units.sort(key=lambda one: list(OFFERED).index(ways[one.pk]))
        labels = {pk: str(OFFERED[way]) for pk, way in ways.items()}
        labels[lead.unit_id] = str(_("本单位的人"))
        self.fields["holder"].offer([lead.unit, *units], labels)  # type: ignore[attr-defined]


class HelpForm(StepForm):
    holder = HolderField(label=_("请谁协办"))
    text = long_text(_("需要对方做什么"), rows=3)

    def set_up(self) -> None:
        lead = self.standing.lead.unit_id
        units = [one for one in may_take(self.case.unit) if one.pk != lead]
        self.fields["holder"].offer(units)  # type: ignore[attr-defined]


class SubmitForm(StepForm):
    kind = Template.Kind.ANSWER
    note = long_text(_("办理结果"), required=False, help_text=_("写给反映人：怎么解决的。"))
    file = FilesField()


class SatisfiedForm(StepForm):
    words = long_text(_("评价"), required=False, rows=2)


class UnsatisfiedForm(StepForm):
    words = long_text(_("哪里还没有解决"), rows=3)
    file = FilesField()


class DeadlineForm(StepForm):
    due_at = forms.DateTimeField(
        label=_("新的期限"),
        required=False,
        widget=forms.DateTimeInput,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("留空则恢复办理程序规定的期限。"),
    )
    reason = long_text(_("原因"), rows=3)


class ProcedureForm(StepForm):
    procedure = forms.ChoiceField(label=_("新的办理程序"))
    reason = long_text(_("原因"), rows=3)

    def set_up(self) -> None:
        others = [one for one in procedures().values() if one.key != self.case.procedure]
        self.fields["procedure"].choices = [(one.key, str(one.label)) for one in others]  # type: ignore[attr-defined]


class CaseField(forms.CharField):
    """Another case: picked from what is offered, or found by its number or by some words."""

    widget = SuggestInput

    def __init__(self, **options: Any) -> None:
        help_text = _("输入几个字查找，或输入编号，例如 WT2026-000012")
        super().__init__(max_length=200, help_text=help_text, **options)

    def offer(self, case: Case) -> None:
        """Proposes the cases that are like this one, which is itself none of them."""
        self.case = case
        self.widget.suggestions = lambda: map(str, similar(case))

    def clean(self, value: object) -> Case | None:
        text = super().clean(value).strip()
        if not text:
            return None
        others = Case.objects.exclude(pk=self.case.pk)
        if code := CODE.match(text):
            found: list[Case] = list(others.filter(code=code[0].upper()))
        else:
            found = list(others.search(text)[:MOST_OFFERED]) or list(
                others.nearest(text)[:MOST_OFFERED]
            )
        if not found:
            raise forms.ValidationError(_("没有找到这个问题，或您无权查看。"))
        if len(found) > 1:
            self.widget.suggestions = lambda: map(str, found)
            names = "；".join(map(str, found))
            raise forms.ValidationError(_("有几个问题符合，请选一个：%(names)s") % {"names": names})
        return found[0]


class LinkForm(StepForm):
    other = CaseField(label=_("哪个问题"))
    kind_of = forms.ChoiceField(label=_("关系"), choices=Link.Kind.choices)

    def set_up(self) -> None:
        self.fields["other"].offer(self.case)  # type: ignore[attr-defined]


class MergeForm(StepForm):
    into = CaseField(label=_("并入哪个问题"))
    reason = long_text(_("说明"), required=False, rows=2)

    def set_up(self) -> None:
        self.fields["into"].offer(self.case)  # type: ignore[attr-defined]


class MeasureForm(StepForm):
    kind = Template.Kind.MEASURE
    text = long_text(_("措施内容"), rows=3)
    owner = forms.ChoiceField(label=_("责任人"), required=False)
    owner_name = forms.CharField(label=_("责任人（没有账号的）"), required=False, max_length=60)
    due_on = forms.DateField(label=_("完成期限"), widget=forms.DateInput)

    def set_up(self) -> None:
        self.people = {str(one.pk): one for one in carriers(self.standing, today())}
        said = names_of(self.people.values())
        names = [(key, said[one.pk]) for key, one in self.people.items()]
        self.fields["owner"].choices = [("", _("不在下列人员中")), *names]  # type: ignore[attr-defined]
        lead = str(self.standing.lead.account_id)
        self.initial.setdefault("owner", lead if lead in self.people else "")

    def clean_owner(self) -> object:
        return self.people.get(self.cleaned_data["owner"])

    def clean(self) -> dict[str, Any]:
        """A name that was written counts more than a choice that was only left as it stood."""
        given = self.cleaned_data
        if given.get("owner_name") and "owner" not in self.changed_data:
            given["owner"] = None
        return given


class FinishForm(StepForm):
    result = long_text(_("完成情况"), required=False, rows=3)
    file = FilesField()


def measure_initial(measure: Measure) -> dict[str, Any]:
    return {
        "text": measure.text,
        "owner": str(measure.owner_id or ""),
        "owner_name": "" if measure.owner_id else measure.owner_name,
        "due_on": measure.due_on,
    }


class PhoneForm(forms.Form):
    why = forms.CharField(label=_("为什么需要查看"), max_length=200)


class ForgetForm(forms.Form):
    why = forms.CharField(label=_("清除的理由"), max_length=200)


# --- raising --------------------------------------------------------------------------------


class RaiseForm(forms.Form):
    """The one field that a liaison must fill, and what may help."""

    kind = Template.Kind.PROBLEM
    text = long_text(_("遇到什么问题"), rows=6)
    unit = UnitField(label=_("哪家企业"))
    procedure = forms.ChoiceField(label=_("办理程序"))
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("类别"),
        required=False,
        empty_label=_("不确定"),
    )
    file = FilesField()

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].queryset = known_to(actor, Category.objects.all())  # type: ignore[attr-defined]
        units = units_of(actor, "cases.raise").exclude(kind=UnitKind.BRANCH)
        mine = list(units.order_by("path")[:2])
        if len(mine) == 1:
            del self.fields["unit"]
            self.only = mine[0]
        else:
            self.fields["unit"].offer(units)  # type: ignore[attr-defined]
            self.fields["unit"].label = _("哪个单位的")
        if actor.may("cases.supervise"):
            labels = [(one.key, str(one.label)) for one in procedures().values()]
            self.fields["procedure"].choices = labels  # type: ignore[attr-defined]
        else:
            del self.fields["procedure"]


class BehalfForm(forms.Form):
    """What somebody said at the telephone: three fields that an officer must fill."""

    kind = Template.Kind.PROBLEM
    text = long_text(_("反映什么问题"), rows=6)
    unit = UnitField(label=_("哪家企业"))
    reporter_name = forms.CharField(label=_("谁反映的"), max_length=60)
    reporter_phone = forms.CharField(label=_("联系电话"), max_length=40, required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("类别"),
        required=False,
        empty_label=_("不确定"),
    )
    file = FilesField()

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].queryset = known_to(actor, Category.objects.all())  # type: ignore[attr-defined]
        units = units_of(actor, "cases.receive").filter(kind=UnitKind.ENTERPRISE)
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]


class PublicForm(forms.Form):
    """What anybody may fill in who scanned an enterprise's code."""

    text = long_text(_("遇到什么问题"), rows=6)
    who = forms.CharField(label=_("您是谁"), max_length=60, help_text=_("姓名，或岗位加姓氏。"))
    contact = forms.CharField(label=_("联系方式（选填）"), max_length=40, required=False)
    photos = FilesField(label=_("照片（选填）"), help_text=_("最多 3 张。"))


class LookUpForm(forms.Form):
    """A report's number and its secret word, as whoever reported got them."""

    code = forms.CharField(
        label=_("编号"), max_length=24, help_text=_("例如 WT2026-000012，提交时给您的。")
    )
    word = forms.CharField(
        label=_("查询口令"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class PublicAnswerForm(forms.Form):
    words = long_text(
        _("您的意见"), required=False, rows=3, help_text=_("不满意时请写明哪里没有解决。")
    )


# --- what is kept ------------------------------------------------------------------------------


class FilterNameForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class CategoryForm(OneLanguage, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Category
        fields = ["name", "name_en", "position", "is_active"]


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Template
        fields = ["kind", "name", "text", "is_active"]
