"""The editor's forms: texts, numbers and cases of a guide's draft, each read back into the document."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.lib.errors import UserError
from luodi.rooms.guidance.document import UNKNOWN, Case, Document, Question, as_json, texts_of
from luodi.rooms.guidance.evaluating import as_raw, plain, value_of
from luodi.shell.forms import OneLanguage

NAMES = {
    "title": _("标题"),
    "summary": _("一句话说明"),
    "worse": _("如果情况变坏"),
    "calling": _("电话旁边的话"),
    "replaced": _("停止执行后，以什么代替"),
    "clause": _("条款"),
    "label": _("简称"),
    "unit": _("单位"),
    "text": _("问题"),
    "help": _("怎么答"),
    "find_out": _("不知道怎么办"),
    "why": _("为什么"),
    "steps": _("要做的事（每行一件）"),
    "more": _("补充"),
}
LONG = frozenset({"summary", "worse", "replaced", "help", "find_out", "why", "steps", "more"})
PLACES = {
    "sources": _("依据"),
    "parameters": _("数"),
    "questions": _("问题"),
    "options": _("选项"),
    "rules": _("规则"),
    "outcomes": _("结果"),
}


def where(document: dict[str, Any], way: str) -> str:
    """Where a text stands, in words: `问题2 · 选项1`."""
    parts = way.split(".")[:-1]
    words = [f"{PLACES[name]}{int(n) + 1}" for name, n in zip(parts[::2], parts[1::2], strict=True)]
    return " · ".join(map(str, words))


class TextsForm(OneLanguage, forms.Form):
    """Every text of a document; English ones are asked for on English pages."""

    def __init__(self, document: Document, **options: Any) -> None:
        stored = as_json(document)
        self.groups: dict[str, list[str]] = {}
        self.texts = dict(texts_of(stored))
        super().__init__(**options)
        english = [name for name in self.texts if name.endswith("_en")]
        for way, text in self.texts.items():
            name = way.rpartition(".")[2]
            plain_name = name.removesuffix("_en")
            label = str(NAMES[plain_name])
            if name != plain_name:
                label = gettext("%(label)s（英文）") % {"label": label}
            long = plain_name in LONG
            self.fields[way] = forms.CharField(
                label=label,
                required=bool(text) and way not in english,
                max_length=4000 if long else 200,
                widget=forms.Textarea(attrs={"rows": 3 if len(text) > 60 or "\n" in text else 2})
                if long
                else None,
                initial=text,
            )
            self.groups.setdefault(where(stored, way), []).append(way)
        if not _english():
            for way in english:
                self.fields[way].widget = forms.HiddenInput()

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields that are shown, by where they stand."""
        for heading, ways in self.groups.items():
            fields = [self[way] for way in ways if not self[way].is_hidden]
            if fields:
                yield heading or gettext("整份指引"), fields

    def changed(self) -> dict[str, str]:
        """What differs from the document."""
        given = {way: self.cleaned_data.get(way) or "" for way in self.texts}
        return {way: text for way, text in given.items() if text != self.texts[way]}


def _english() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "").startswith("en")


class NumbersForm(forms.Form):
    """Each number's values with their days; a last, empty line adds one."""

    def __init__(self, document: Document, **options: Any) -> None:
        super().__init__(**options)
        self.document = document
        self.since = "since"
        choices = [(one.key, one.said("title")) for one in document.sources]
        self.lines: list[tuple[str, str]] = []
        for one in document.parameters:
            for place in range(len(one.values) + 1):
                stated = one.values[place] if place < len(one.values) else None
                mark = f"{one.key}.{place}"
                self.lines.append((one.said("label"), mark))
                self._line(mark, one.said("label"), stated, choices, place)

    def _line(
        self, mark: str, label: str, stated: Any, choices: list[tuple[str, str]], place: int
    ) -> None:
        number = forms.DecimalField(label=_("值"), required=False, max_digits=12, decimal_places=4)
        number.initial = plain(stated.value) if stated else None
        since = forms.DateField(label=_("起"), required=False, initial=stated and stated.since)
        until = forms.DateField(label=_("止"), required=False, initial=stated and stated.until)
        source = forms.ChoiceField(label=_("依据"), choices=choices, required=False)
        source.initial = stated.source if stated else choices[0][0]
        for name, field in (
            ("value", number), ("since", since), ("until", until), ("source", source),
        ):  # fmt: skip
            field.widget.attrs["aria-label"] = f"{label} {field.label}"
            self.fields[f"{mark}.{name}"] = field

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for label, mark in self.lines:
            yield label, [self[f"{mark}.{name}"] for name in ("value", "since", "until", "source")]

    def parameters(self) -> list[dict[str, Any]]:
        """The parameters as JSON, as the form has them. A line without a value is left out."""
        made = as_json(self.document)["parameters"]
        for one, parameter in zip(made, self.document.parameters, strict=True):
            one["values"] = []
            for place in range(len(parameter.values) + 1):
                line = {
                    name: self.cleaned_data.get(f"{parameter.key}.{place}.{name}")
                    for name in ("value", "since", "until", "source")
                }
                if line["value"] is not None:
                    one["values"].append(_said(line))
            if not one["values"]:
                raise UserError(
                    gettext("“%(label)s”至少要有一个值。") % {"label": parameter.label},
                    f"{parameter.key}.0.value",
                )
        found: list[dict[str, Any]] = made
        return found


def _said(line: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat()
        if isinstance(value, dt.date)
        else plain(value)
        if isinstance(value, Decimal)
        else value
        for key, value in line.items()
        if value not in (None, "")
    }


class CasesForm(forms.Form):
    """The table of cases as text that goes into Excel and comes out of it: a line each, cells by tabs."""

    table = forms.CharField(
        label=_("用例表"),
        required=False,
        strip=False,
        max_length=100_000,
        help_text=_(
            "一行一个用例，用制表符分列，可以从 Excel 复制粘贴。没有问到的留空；不知道写“不知道”；多选用顿号隔开。"
        ),
        widget=forms.Textarea(attrs={"rows": 16, "class": "guide-table", "wrap": "off"}),
    )


NAME, END, ON, DONT_KNOW = _("名称"), _("结果"), _("日期"), _("不知道")
YES, NO = _("是"), _("否")


def table_of(document: Document) -> str:
    """The cases as lines of cells."""
    heads = [str(NAME), *(one.said("label") for one in document.questions), str(END), str(ON)]
    ends = {one.key: one.said("title") for one in document.outcomes}
    lines = ["\t".join(heads)]
    for case in document.cases:
        cells = [case.name]
        cells += [_cell(one, case.answers.get(one.key)) for one in document.questions]
        cells += [ends.get(case.outcome, case.outcome), case.on.isoformat() if case.on else ""]
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _cell(question: Question, raw: Any) -> str:
    if raw is None:
        return ""
    if raw == UNKNOWN:
        return str(DONT_KNOW)
    if isinstance(raw, bool):
        return str(YES if raw else NO)
    words = {one.key: one.said("text") for one in question.options}
    if isinstance(raw, list):
        return "、".join(words.get(str(one), str(one)) for one in raw)
    return words.get(str(raw), plain(Decimal(str(raw))) if question.kind == "number" else str(raw))


def cases_of(document: Document, table: str) -> list[dict[str, Any]]:
    """The cases that a table says. Raises UserError that names the line."""
    lines = [line.rstrip("\r").split("\t") for line in table.split("\n") if line.strip()]
    if not lines:
        return []
    heads = [one.strip() for one in lines[0]]
    questions = {one.said("label"): one for one in document.questions}
    if strange := [
        one for one in heads if one and one not in {str(NAME), str(END), str(ON), *questions}
    ]:
        raise UserError(gettext("没有“%(head)s”这一列。") % {"head": strange[0]}, "table")
    if not {str(NAME), str(END)} <= set(heads):
        raise UserError(gettext("要有“名称”和“结果”两列。"), "table")
    ends = {one.said("title"): one.key for one in document.outcomes}
    found = []
    for number, cells in enumerate(lines[1:], start=2):
        row = dict(zip(heads, (one.strip() for one in cells), strict=False))
        try:
            found.append(_case(row, questions, ends))
        except UserError as problem:
            words = {"number": number, "why": problem}
            raise UserError(gettext("第 %(number)s 行：%(why)s") % words, "table") from None
    return found


def _case(
    row: dict[str, str], questions: dict[str, Question], ends: dict[str, str]
) -> dict[str, Any]:
    end = row.get(str(END), "")
    if end not in ends:
        raise UserError(gettext("没有“%(end)s”这个结果。") % {"end": end})
    answers = {}
    for label, question in questions.items():
        if text := row.get(label, ""):
            answers[question.key] = as_raw(value_of(question, _raw(question, text)))
    case: dict[str, Any] = {"name": row.get(str(NAME), "") or end, "answers": answers}
    case["outcome"] = ends[end]
    if on := row.get(str(ON), ""):
        try:
            case["on"] = dt.date.fromisoformat(on).isoformat()
        except ValueError:
            raise UserError(gettext("日期写作 2022-12-22。")) from None
    return Case.model_validate(case).model_dump(mode="json")


def _raw(question: Question, text: str) -> Any:
    if text == str(DONT_KNOW):
        return UNKNOWN
    if question.kind == "yes_no":
        return {str(YES): True, str(NO): False}.get(text, text)
    words = {one.said("text"): one.key for one in question.options}
    if question.kind == "several":
        return [words.get(one.strip(), one) for one in text.split("、")]
    return words.get(text, text)


class DocumentForm(forms.Form):
    """A whole document as JSON: rules, questions and all."""

    document = forms.CharField(
        label=_("内容（JSON）"),
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 24, "class": "guide-table", "wrap": "off"}),
        help_text=_("规则和问题在这里改；格式与接口相同。保存后仍是草稿，用例全部通过才能发布。"),
    )

    def clean_document(self) -> Any:
        try:
            return json.loads(self.cleaned_data["document"])
        except (ValueError, RecursionError):
            raise forms.ValidationError(gettext("不是正确的 JSON。")) from None
