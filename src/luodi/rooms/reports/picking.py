"""A figure put into a text from menus: searched by its name, asked, compared; the tag follows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures import api as figures
from luodi.ground.figures.api import Figure, Time
from luodi.ground.scope.api import Actor, Unit, UnitField
from luodi.rooms.reports.language import Tag, write_question, write_tag

PERIODS = (
    *(("", _("报告的时段")), ("本月", _("本月")), ("上月", _("上月")), ("本季度", _("本季度"))),
    *(("上季度", _("上季度")), ("本年", _("本年")), ("上年", _("上年")), ("累计", _("累计"))),
    *(("上月末", _("上月末")), ("上年末", _("上年末")), ("上年同期", _("上年同期"))),
)
# What a value is compared with: the word for the time, where "same" is the report's, a year before.
COMPARED = (
    *(("", _("不比较")), ("月", _("较上月")), ("季度", _("较上季度")), ("年", _("较上年"))),
    ("上年同期", _("较上年同期")),
)
WAYS = (("", _("差额")), ("百分比", _("百分比")), ("从到", _("从多少到多少")))
BOUNDS = (
    *(("超过", _("超过")), ("不低于", _("不低于")), ("不超过", _("不超过")), ("低于", _("低于"))),
)
CONDITIONS = (
    ("", _("总是写")),
    ("有值", _("不为零时才写")),
    ("有", _("本站有这项指标时才写")),
    *BOUNDS,
)
STYLES = tuple((one, one or _("照常")) for one in ("", "中文", "万", "亿", "无单位"))


def _choice(label: Any, choices: Any, **rest: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, **rest)


class PickForm(forms.Form):
    """A figure that the actor may read, and how it is to be said; its own parameters are `p-…`."""

    use_required_attribute = False
    q = forms.CharField(label=_("按名称查找"), required=False, max_length=100)
    figure = _choice(_("数据指标"), (), widget=forms.RadioSelect)
    unit = UnitField(label=_("单位（不填即报告的单位）"), required=False)
    period = _choice(_("时段"), PERIODS)
    day = forms.CharField(label=_("或写明时间，如2022-12"), required=False, max_length=10)
    compared = _choice(_("比较"), COMPARED)
    way = _choice(_("变化写成"), WAYS)
    claim = _choice(_("核对"), (("", _("不核对，写出数值")), *BOUNDS))
    bound = forms.CharField(label=_("界限"), required=False, max_length=20)
    condition = _choice(_("条件"), CONDITIONS)
    limit = forms.CharField(label=_("条件的界限"), required=False, max_length=20)
    style = _choice(_("写法"), STYLES)
    line = forms.IntegerField(
        label=_("接在第几行之后（不填即最后）"), required=False, min_value=1, max_value=100_000
    )

    def __init__(self, data: Any, *, actor: Actor, unit: Unit | None) -> None:
        super().__init__(data, prefix="pick")
        may = [one for one in figures.figures() if figures.may_read(actor, one)]
        found = figures.found_by(may, self.data.get("pick-q", "")[:100])
        chosen = self.data.get("pick-figure", "")
        self.chosen: Figure | None = next((one for one in may if one.key == chosen), None)
        shown = found if self.chosen in (None, *found) else [self.chosen, *found]
        choices = [(one.key, str(one.name)) for one in shown if one is not None]
        self.fields["figure"].choices = choices  # type: ignore[attr-defined]
        units = Unit.objects.open().below(unit) if unit else Unit.objects.none()
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]
        if self.chosen is not None:
            own = self.chosen.parameter_fields() if self.chosen.parameter_fields else {}
            for name in self.chosen.parameters:
                field = own.get(name) or forms.CharField(label=name, max_length=200)
                field.required = False
                self.fields[f"p-{name}"] = field
        given = {name: self.data.get(f"pick-{name}") for name in ("compared", "claim", "condition")}
        for name, needed in (
            ("way", given["compared"]),
            ("claim", not given["compared"]),
            ("bound", given["claim"] and not given["compared"]),
            ("limit", given["condition"] in dict(BOUNDS)),
        ):
            if not needed:
                del self.fields[name]
        for field in self.fields.values():  # the panel stands beside the text's form
            field.widget.attrs["form"] = "editor"

    @property
    def asking(self) -> list[forms.BoundField]:
        """The fields about the chosen figure."""
        return [self[name] for name in self.fields if name not in {"q", "figure", "line"}]

    def clean(self) -> None:
        for bound in {"bound", "limit"} & set(self.fields):
            if not self.cleaned_data.get(bound):
                self.add_error(bound, _("请填写界限，如30%。"))

    def tag_text(self) -> str:
        """What is to be inserted; "" while no figure is chosen or something is to be mended."""
        if self.chosen is None or not self.is_valid():
            return ""
        asked = self.cleaned_data
        given = {
            "unit": asked["unit"].name if asked["unit"] else "",
            "period": asked["day"] or asked["period"],
            **{name: _plain(asked.get(f"p-{name}")) for name in self.chosen.parameters},
        }
        arguments = {name: value for name, value in given.items() if value}
        text = self._tag(self.chosen, arguments)
        if not (condition := asked["condition"]):
            return text
        question = write_question(self.chosen.key, tuple(arguments.items()))
        limit = f" {condition} {asked['limit']}" if condition in dict(BOUNDS) else ""
        return f"{{if {'any ' if condition == '有' else ''}{question}{limit}}}{text}{{end}}"

    def _tag(self, figure: Figure, arguments: dict[str, str]) -> str:
        asked = self.cleaned_data
        style = [asked["style"]] if asked["style"] else []
        if unit := asked["compared"]:
            day = figure.time is Time.DAY
            if unit == "上年同期":
                before, ends = unit, {"from": unit}
            elif day:
                before, ends = f"上{unit}末", {"from": f"上{unit}末"}
            else:
                before, ends = f"上{unit}", {"from": f"上{unit}", "to": f"本{unit}"}
            way = [] if asked["way"] == "从到" else [asked["way"] or "差额"]
            kept = {name: value for name, value in arguments.items() if name != "period"}
            options = ("变化", *way, *style)
            tag = Tag("change", figure.key, tuple({**kept, **ends}.items()), options)
            return f"较{before}{write_tag(tag)}" if way else write_tag(tag)
        if asked.get("claim"):
            style = [f"{asked['claim']} {asked['bound']}"]
        return write_tag(Tag("figure", figure.key, tuple(arguments.items()), tuple(style)))

    def insert_into(self, text: str) -> str:
        """The text with what was chosen behind the line that was named, or at its end."""
        lines = text.replace("\r\n", "\n").split("\n")
        line = min(self.cleaned_data.get("line") or len(lines), len(lines))
        lines[line - 1] += self.tag_text()
        return "\n".join(lines)


def _plain(value: object) -> str:
    """A parameter as a tag has it."""
    return "1" if value is True else str(value or "")
