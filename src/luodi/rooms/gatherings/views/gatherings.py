"""The page of a gathering: what is known of it, and what comes next."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from luodi.ground.evidence.api import attach, files_of
from luodi.ground.scope.api import Account, Request
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import PersonField
from luodi.rooms.gatherings.forms import AnswerForm, FilesForm, InviteForm, lines_of, people_near
from luodi.rooms.gatherings.hints import hints_of
from luodi.rooms.gatherings.models import Attendance, Gathering, Minutes, Presence
from luodi.rooms.gatherings.outcome import told_votes
from luodi.rooms.gatherings.people import expected_at
from luodi.rooms.gatherings.verbs import attending
from luodi.rooms.gatherings.verbs import minutes as writing
from luodi.rooms.gatherings.verbs.checks import WRITE, others_of
from luodi.rooms.gatherings.views.common import LIST, find, find_for, home_of, may_view
from luodi.shell.forms import carry_out, form_page, posted
from luodi.shell.pages import show

TABLE = "gatherings_gathering"


def dossier(request: Request, row: Gathering) -> dict[str, Any]:
    """All that the page and the print show."""
    people = list(row.people.select_related("person", "account"))
    versions = list(
        row.minutes.select_related("written_by", "signed_by").prefetch_related("points")
    )
    valid = next((one for one in versions if one.state == Minutes.State.SIGNED), None)
    draft = next((one for one in versions if one.state == Minutes.State.DRAFT), None)
    asked = [one for one in people if not one.guest] or people  # guests by name are beside them
    counts = Counter(one.state for one in asked if one.state)
    return {
        "gathering": row,
        "people": people,
        "asked": len(asked),
        "expected": [] if row.recorded_at else list(expected_at(row)),
        "came": counts[Presence.CAME] + counts[Presence.LATE],
        "counts": [(one.label, counts[one]) for one in Presence if counts[one]],
        "exceptions": [one for one in people if one.state and one.state != Presence.CAME],
        "guests": [one for one in people if not one.by_rule],
        "valid": valid,
        "draft": draft,
        "former": [one for one in versions if one.state == Minutes.State.SUPERSEDED],
        "votes": told_votes(row),
        "tasks": list(row.tasks.select_related("person", "owner", "case")),
        "files": files_of({TABLE: [row.pk]}).get((TABLE, row.pk), []),
        "hints": hints_of(row),
    }


@login_required
def gathering(request: Request, pk: int) -> HttpResponseBase:
    row = find(pk)
    if not may_view(request, row):
        raise Http404
    known = dossier(request, row)
    may_write = request.actor.may(WRITE, row.path)
    mine = _mine(request, known)
    context = known | {
        "may_write": may_write,
        "may_sign": known["draft"] is not None and writing.may_sign(request.actor, row),
        "chair": writing.chair_of(row),
        "missing": writing.lacking(row, known["draft"]) if known["draft"] else [],
        "begun": row.starts_at <= timezone.now(),
        "today": row.on <= timezone.localdate(),
        "mine": mine,
        "twins": others_of(row.unit, row.kind, row.on, row.pk) if row.of_kind.once_a_day else [],
    }
    if request.GET.get("format") == "print":
        return show(request, "gatherings/print.html", context)
    return show(request, "gatherings/gathering.html", context)


def _mine(request: Request, known: dict[str, Any]) -> Attendance | str:
    """What I have answered; `ask` where I am expected and have not, "" where I am not asked."""
    me = request.actor.account_id
    for one in known["people"]:
        if one.account_id == me and me:
            return one if one.answer else "ask"
    return "ask" if any(one.account_id == me for one in known["expected"] if me) else ""


@login_required
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    row = find(pk)
    form = AnswerForm(request.POST)

    def verb(data: dict[str, Any]) -> object:
        return attending.answer_invitation(actor=request.actor, gathering=row, **data)

    if carry_out(request, form, verb) is not None:
        messages.success(request, _("已答复。"))
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return redirect(home_of(row))


@login_required
def invite(request: Request, pk: int) -> HttpResponseBase:
    """Invites people of other units, and guests."""
    row = find_for(request, pk)

    def verb(data: dict[str, Any]) -> object:
        finding = PersonField(people_near(row.unit))
        persons = [_found(finding, one, "persons") for one in lines_of(data["persons"])]
        accounts = [_account(one) for one in lines_of(data["accounts"])]
        return attending.invite(
            actor=request.actor,
            gathering=row,
            persons=persons,
            accounts=accounts,
            guests=lines_of(data["guests"]),
        )

    return form_page(
        request,
        InviteForm(**posted(request)),
        verb,
        heading=gettext_lazy("邀请"),
        submit=gettext_lazy("邀请"),
        back=home_of(row, "people"),
        crumbs=[(reverse(LIST), gettext_lazy("活动")), (home_of(row), row)],
    )


def _found(field: PersonField, text: str, name: str) -> Any:
    from django.forms import ValidationError

    try:
        return field.clean(text)
    except ValidationError as problem:
        raise UserError(problem.messages[0], name) from None


def _account(text: str) -> Account:
    """An account by name or user name. Raises UserError."""
    rows = Account.objects.filter(is_active=True, is_service=False)
    found = list(rows.filter(username=text)[:1]) or list(rows.filter(name=text)[:2])
    if len(found) != 1:
        said = (
            _("有几个叫“%(name)s”的账号，请写账号名。") if found else _("没有“%(name)s”这个账号。")
        )
        raise UserError(said % {"name": text}, "accounts")
    return found[0]


@login_required
def attach_files(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)

    def verb(data: dict[str, Any]) -> object:
        return [
            attach(
                actor=request.actor,
                unit=row.unit,
                upload=one,
                subject=TABLE,
                subject_id=row.pk,
            )
            for one in data["files"]
        ]

    return form_page(
        request,
        FilesForm(**posted(request)),
        verb,
        heading=gettext_lazy("添加附件"),
        note=gettext_lazy("签到表、课件、通知等。不需要、也不要求拍照。"),
        back=home_of(row, "files"),
        crumbs=[(reverse(LIST), gettext_lazy("活动")), (home_of(row), row)],
    )
