"""The pages that record who came and write the minutes; made for a thumb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Request
from luodi.rooms.gatherings.forms import CorrectForm, area, lines_of
from luodi.rooms.gatherings.hints import hints_of
from luodi.rooms.gatherings.models import Answer, Attendance, Gathering, Presence
from luodi.rooms.gatherings.people import expected_at
from luodi.rooms.gatherings.verbs import attending
from luodi.rooms.gatherings.verbs import minutes as writing
from luodi.rooms.gatherings.verbs.minutes import PointGiven
from luodi.rooms.gatherings.views.common import LIST, find, find_for, home_of
from luodi.shell.forms import carry_out, form_page, posted, with_version
from luodi.shell.pages import show

SPARE = 1  # empty points offered at the end
CHOICES = [(one.value, one.label) for one in Presence]


@dataclass
class Row:
    """A line of the attendance list: somebody, and what is known of their coming."""

    key: str
    name: str
    note: str
    state: str
    reason: str


def rows_of(gathering: Gathering, given: QueryDict | None = None) -> list[Row]:
    """Everybody expected, then the invited: preset to having come, but for who said they cannot. Where
    some have come by the code on the wall, those who have not are preset to absent."""
    known = list(gathering.people.select_related("person", "account"))
    by_code = gathering.recorded_at is None and any(one.state for one in known)
    usual = Presence.ABSENT if by_code else Presence.CAME
    by_person = {one.person_id: one for one in known if one.person_id}
    found = [
        _row(f"p{person.pk}", person.name, "", by_person.get(person.pk), usual)
        for person in expected_at(gathering)
    ]
    listed = {one.key for one in found}
    for one in known:
        key = f"p{one.person_id}" if one.person_id else f"a{one.pk}"
        if key not in listed:
            note = _("受邀") if not one.by_rule else ""
            found.append(_row(key, one.name, note, one, usual))
    if given is not None:
        for row in found:
            row.state = given.get(f"s-{row.key}", row.state)
            row.reason = given.get(f"r-{row.key}", row.reason)
    return found


def _row(key: str, name: str, note: str, one: Attendance | None, usual: str) -> Row:
    if one is None:
        return Row(key, name, note, usual, "")
    if one.answer == Answer.NO:
        usual = Presence.EXCUSED
    return Row(key, name, note, one.state or usual, one.reason)


class AttendanceForm(forms.Form):
    guests = area(
        gettext_lazy("另外到会的人"),
        rows=2,
        help_text=gettext_lazy("外单位的人、嘉宾，每行一位，可写成“姓名（单位）”。"),
    )


@login_required
def attendance(request: Request, pk: int) -> HttpResponseBase:
    """Who came: a list with everybody preset to having come."""
    row = find_for(request, pk)
    form = with_version(AttendanceForm(**posted(request)), row)
    given = request.POST if request.method == "POST" else None
    rows = rows_of(row, given)

    def verb(data: dict[str, Any]) -> object:
        said = {one.key: one.state for one in rows if one.state != Presence.CAME}
        excused = {one.key: one.reason for one in rows if one.state == Presence.EXCUSED}
        return attending.record_attendance(
            actor=request.actor,
            gathering=row,
            exceptions=_numbered(said, "p"),
            others=_numbered(said, "a"),
            reasons=_numbered(excused, "p"),
            guests=lines_of(data["guests"]),
            version=data["version"],
        )

    if given is not None and carry_out(request, form, verb) is not None:
        messages.success(request, _("出席已登记。"))
        if writing.valid_of(row) is None and row.of_kind.needs:
            return redirect("gatherings:write", row.pk)
        return redirect(home_of(row))
    context = {"gathering": row, "form": form, "rows": rows, "choices": CHOICES}
    return show(
        request, "gatherings/attendance.html", context, status=200 if given is None else 422
    )


def _numbered(said: dict[str, str], mark: str) -> dict[int, str]:
    return {int(key[1:]): value for key, value in said.items() if key.startswith(mark)}


class MinutesForm(forms.Form):
    text = area(gettext_lazy("记录"), rows=8)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def points_given(given: QueryDict) -> list[PointGiven]:
    """The points as the page sends them; a line without anything is none."""
    found = []
    numbers = sorted({int(k[6:]) for k in given if k.startswith("title-") and k[6:].isdecimal()})
    for number in numbers[:200]:
        names = ("title", "speakers", "text", "decision")
        values = {name: given.get(f"{name}-{number}", "") for name in names}
        if any(one.strip() for one in values.values()):
            found.append(PointGiven(**values))
    return found


@login_required
def write(request: Request, pk: int) -> HttpResponseBase:
    """The minutes: as a draft, or signed in the same step by who may."""
    row = find_for(request, pk)
    draft = writing.draft_of(row)
    last = writing.last_like(row)
    text = draft.text if draft else ""
    if "last" in request.GET and last is not None:
        text = text or last.text
    initial = {"text": text, "version": draft.version if draft else None}
    form = MinutesForm(**posted(request), initial=initial)
    if request.method == "POST":
        points = points_given(request.POST)

        def verb(data: dict[str, Any]) -> object:
            made = writing.write_minutes(actor=request.actor, gathering=row, points=points, **data)
            if "sign" in request.POST:
                return writing.sign_minutes(actor=request.actor, gathering=row)
            return made

        if carry_out(request, form, verb) is not None:
            said = _("记录已签认。") if "sign" in request.POST else _("记录已保存，还没有签认。")
            messages.success(request, said)
            return redirect(home_of(row, "minutes"))
    elif draft:
        points = [writing.given_of(one) for one in draft.points.all()]
    else:
        points = writing.agenda_points(row.agenda)
    context = {
        "gathering": row,
        "form": form,
        "points": [*points, *[PointGiven("")] * SPARE],
        "filled": len(points),
        "may_sign": writing.may_sign(request.actor, row),
        "chair": writing.chair_of(row),
        "hints": hints_of(row),
        "draft": draft,
        "last": last if last and not text else None,
    }
    status = 422 if request.method == "POST" else 200
    return show(request, "gatherings/write.html", context, status=status)


@login_required
@require_POST
def sign(request: Request, pk: int) -> HttpResponseBase:
    row = find(pk)
    form = forms.Form(request.POST)
    if carry_out(
        request, form, lambda data: writing.sign_minutes(actor=request.actor, gathering=row)
    ):
        messages.success(request, _("记录已签认。"))
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return redirect(home_of(row, "minutes"))


@login_required
@require_POST
def ask(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    form = forms.Form(request.POST)
    if carry_out(
        request, form, lambda data: writing.ask_to_sign(actor=request.actor, gathering=row)
    ):
        messages.success(request, _("已请主持人签认。"))
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return redirect(home_of(row, "minutes"))


@login_required
def correct(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    return form_page(
        request,
        CorrectForm(**posted(request)),
        lambda data: writing.correct_minutes(actor=request.actor, gathering=row, **data),
        heading=_("更正记录：%(name)s") % {"name": row},
        submit=_("开始更正"),
        note=_("已签认的记录一直有效，到更正稿签认时才被取代；两稿都保留。"),
        back=home_of(row, "minutes"),
        done=lambda made: reverse("gatherings:write", args=[row.pk]),
        crumbs=[(reverse(LIST), _("活动")), (home_of(row), row)],
    )
