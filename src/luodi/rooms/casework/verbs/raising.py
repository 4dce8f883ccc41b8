"""How a case begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.notices.api import tell
from luodi.ground.scope.api import Account, Actor, Unit, UnitKind, people_of
from luodi.lib.calendars import WorkingCalendar
from luodi.lib.errors import UserError
from luodi.lib.text import one_line
from luodi.rooms.casework import notify, words
from luodi.rooms.casework.clocks import effects_between, stored_targets
from luodi.rooms.casework.engine import project
from luodi.rooms.casework.models import Case, Category, Event, Responsibility
from luodi.rooms.casework.procedure import RECORDED, Procedure, procedures
from luodi.rooms.casework.standing import Standing, known_to, nearest, seat, superiors

MOST_CHARACTERS = 10_000
AGAIN = dt.timedelta(minutes=10)
ORDINARY = "enterprise_problem"  # the procedure of who has no other to choose


@dataclass(frozen=True, slots=True)
class History:
    """When a problem was raised and received, of which a former ledger tells; and, where it has
    ended, when, as what (`outcome`) and with which result."""

    raised_at: dt.datetime
    received_at: dt.datetime
    ended_at: dt.datetime | None = None
    outcome: str = "solved"
    result: str = ""


@dataclass(frozen=True)
class Report:
    """What is known of a problem when it is raised."""

    unit: Unit
    text: str
    title: str = ""
    category: Category | None = None
    procedure: str = ORDINARY
    channel: str = Case.Channel.LIAISON
    reporter_id: int | None = None
    reporter_unit_id: int = 0
    reporter_name: str = ""
    reporter_phone: str = ""
    is_example: bool = False
    history: History | None = None


def raise_problem(
    *,
    actor: Actor,
    unit: Unit,
    text: str,
    title: str = "",
    category: Category | None = None,
    procedure: str = ORDINARY,
    channel: str = Case.Channel.LIAISON,
    phone: str = "",
    is_example: bool = False,
    at: dt.datetime | None = None,
) -> Case:
    """Raises a problem of `unit` in the actor's own name. The nearest superior unit that has
    somebody to receive it is responsible from this moment on."""
    actor.require("cases.raise", unit.path)
    if procedure in procedures().keys() - {ORDINARY}:
        actor.require("cases.supervise", unit.path)
    report = Report(
        unit=unit,
        text=text,
        title=title,
        category=_known(actor, category),
        procedure=procedure,
        channel=channel,
        reporter_id=actor.account_id or None,
        reporter_unit_id=seat(actor, "cases.raise", unit.path) or unit.pk,
        reporter_name=actor.name,
        reporter_phone=phone,
        is_example=is_example,
    )
    return begin(actor, report, at or timezone.now())


def raise_on_behalf(
    *,
    actor: Actor,
    unit: Unit,
    text: str,
    reporter_name: str,
    reporter_phone: str = "",
    title: str = "",
    category: Category | None = None,
    channel: str = Case.Channel.BEHALF,
    is_example: bool = False,
    at: dt.datetime | None = None,
) -> Case:
    """Enters what somebody said by telephone or in person.

    The officer who enters it is its first receiver, and responsible until another has accepted.
    """
    report = reported_to(
        actor=actor,
        unit=unit,
        text=text,
        reporter_name=reporter_name,
        reporter_phone=reporter_phone,
        title=title,
        category=category,
        channel=channel,
        is_example=is_example,
    )
    return begin(actor, report, at or timezone.now(), received=True)


def reported_to(
    *,
    actor: Actor,
    unit: Unit,
    text: str,
    reporter_name: str,
    category: Category | None = None,
    **rest: Any,
) -> Report:
    """What somebody said to the actor. Raises UserError where it cannot be taken down."""
    actor.require("cases.receive", unit.path)
    if not one_line(reporter_name):
        raise UserError(_("请填写反映人是谁。"), "reporter_name")
    return Report(
        unit=unit,
        text=_checked_text(text),
        category=_known(actor, category),
        reporter_unit_id=unit.pk,
        reporter_name=reporter_name,
        **rest,
    )


def _known(actor: Actor, category: Category | None) -> Category | None:
    return known(actor, category) if category else None


def known(actor: Actor, category: Category) -> Category:
    """A category that the actor is offered: in use, and not another zone's."""
    if actor.everything:
        return category
    if not known_to(actor, Category.objects.filter(pk=category.pk)).exists():
        raise UserError(_("没有这个类别，请另选一个。"), "category")
    return category


def begin(actor: Actor, report: Report, at: dt.datetime, *, received: bool = False) -> Case:
    """Writes a new case with its first responsibility and history, and tells who has it now."""
    (case,) = begin_all(actor, [report], at, received=received)
    return case


@dataclass(slots=True)
class _Begun:
    """A new case with what belongs to it, and the people who may receive it."""

    case: Case
    events: list[Event]
    lead: Responsibility
    people: list[Account]


def begin_all(
    actor: Actor, reports: Sequence[Report], at: dt.datetime, *, received: bool = False
) -> list[Case]:
    """The same of many, in as many statements as of one."""
    units = {report.unit.pk: report.unit for report in reports}
    prefetch_related_objects([report.unit for report in reports], "names")  # words of the search
    calendars = {pk: calendar_for(unit) for pk, unit in units.items()}
    begun = [
        _begun(actor, report, pk, at, calendars[report.unit.pk], received=received)
        for pk, report in zip(_new_keys(len(reports)), reports, strict=True)
    ]
    # All has been checked: what fails now ends the request, so nothing is kept to return to.
    with transaction.atomic(savepoint=False):
        _number([one.case for one in begun])
        Case.objects.bulk_create(one.case for one in begun)
        Event.objects.bulk_create(event for one in begun for event in one.events)
        Responsibility.objects.bulk_create(one.lead for one in begun)
        for one in begun:
            _tell_first(actor, one, at)
    return [one.case for one in begun]


def _begun(
    actor: Actor,
    report: Report,
    pk: int,
    at: dt.datetime,
    calendar: WorkingCalendar,
    *,
    received: bool,
) -> _Begun:
    procedure = procedures().get(report.procedure)
    if procedure is None:
        raise UserError(_("没有这个流程。"), "procedure")
    if report.unit.closed_on is not None:
        raise UserError(_("“%(unit)s”已经撤销。") % {"unit": report.unit}, "unit")
    text = _checked_text(report.text)
    if report.history is not None:
        at = report.history.raised_at
    lead, people = _first_lead(actor, report.unit, at, received=received)
    case = _new_case(report, procedure, pk, text, at)
    lead.case_id = case.pk
    lead.by_id = actor.account_id or None
    events = _first_events(actor, case, procedure, at, received=received)
    if report.history is not None:
        events = _as_it_was(events, procedure, report.history)
    for name, value in project(case, events, Standing([lead]), calendar).items():
        setattr(case, name, value)
    case.version = events[-1].version
    return _Begun(case, events, lead, people)


def _as_it_was(events: list[Event], procedure: Procedure, history: History) -> list[Event]:
    """The history of a case that a former ledger tells: received then, and ended then."""
    for event in events[1:]:
        event.at = history.received_at
    if history.ended_at is None:
        return events
    last, end = events[-1], procedure.ended(history.outcome)
    ended = Event(
        case=last.case,
        at=history.ended_at,
        account_id=last.account_id,
        version=last.version + 1,
        transition=RECORDED,
        from_state=last.to_state,
        to_state=end.key,
        clock=effects_between(procedure.states[last.to_state], end),
        note=history.result,
        payload={"confirmed": Case.ConfirmedHow.RECORD.value},
    )
    return [*events, ended]


def _tell_first(actor: Actor, begun: _Begun, at: dt.datetime) -> None:
    case, lead = begun.case, begun.lead
    named = {one.pk for one in begun.people} if lead.account_id is None else {lead.account_id}
    if targets := named - {actor.account_id}:
        tell(
            accounts=[Account(pk=pk) for pk in targets],
            key=f"case:{case.pk}:{case.version}",
            text=_("新问题 %(code)s %(title)s（%(unit)s）")
            % {"code": case.code, "title": case.title, "unit": case.unit},
            url=notify.url_of(case),
            at=at,
        )


def _new_keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('casework_case', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _number(cases: list[Case]) -> None:
    """Gives the cases the next numbers of their kind and year, without gaps.

    Last of all: from here until the end of the transaction nobody else gets one of these kinds.
    """
    kinds: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        kind = (case.plan.prefix, timezone.localtime(case.raised_at).year)
        kinds.setdefault(kind, []).append(case)
    for (prefix, year), several in sorted(kinds.items(), key=lambda one: one[0]):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO casework_numbering (prefix, year, last) VALUES (%s, %s, %s)"
                " ON CONFLICT (prefix, year) DO UPDATE"
                " SET last = casework_numbering.last + excluded.last RETURNING last",
                [prefix, year, len(several)],
            )
            (last,) = cursor.fetchone()
        for number, case in enumerate(several, last - len(several) + 1):
            case.code = f"{prefix}{year}-{number:06d}"
            case.search = words.literal(case)


def raised_just_now(
    *, actor: Actor, unit: Unit, text: str, name: str = "", at: dt.datetime | None = None
) -> Case | None:
    """The open case that the actor has raised with these very words within `AGAIN`.

    Whoever goes back and sends the form again means the same problem. `name`: of whoever told it,
    where it is another.
    """
    moment = at or timezone.now()
    same: Case | None = (
        Case.objects.open()
        .filter(
            unit=unit,
            text=text.strip().replace("\0", ""),
            raised_at__gt=moment - AGAIN,
            reporter_name=one_line(name or actor.name)[:60],
            events__version=1,
            events__account_id=actor.account_id,
        )
        .order_by("-id")
        .first()
    )
    return same


def _checked_text(text: str) -> str:
    text = text.strip().replace("\0", "")
    if not one_line(text):
        raise UserError(_("请写明是什么问题。"), "text")
    if len(text) > MOST_CHARACTERS:
        raise UserError(
            _("问题描述最多 %(most)s 字，其余内容请作为附件上传。") % {"most": MOST_CHARACTERS},
            "text",
        )
    return text


def _new_case(report: Report, procedure: Procedure, pk: int, text: str, at: dt.datetime) -> Case:
    return Case(
        pk=pk,
        unit=report.unit,
        procedure=procedure.key,
        procedure_version=procedure.version,
        category=report.category,
        title=one_line(report.title)[:120] or _title(text),
        text=text,
        reporter_id=report.reporter_id,
        reporter_unit_id=report.reporter_unit_id or report.unit.pk,
        reporter_name=one_line(report.reporter_name)[:60],
        reporter_phone=one_line(report.reporter_phone)[:40],
        channel=report.channel,
        raised_at=at,
        is_example=report.is_example,
    )


def _title(text: str) -> str:
    """The first sentence of the text, short enough for a list."""
    first = next(filter(None, map(one_line, text.splitlines())))
    for mark in "。；！？!?;":
        first = first.split(mark)[0] or first
    return first if len(first) <= 30 else first[:29] + "…"


def _first_lead(
    actor: Actor, unit: Unit, at: dt.datetime, *, received: bool
) -> tuple[Responsibility, list[Account]]:
    """The first receiver: the officer at the telephone, else the nearest superior with people.

    A problem of a zone itself begins at the zone. If nobody above has people, it lies with the
    nearest superior all the same: a unit is responsible even before it has named anyone.
    """
    day = timezone.localdate(at)
    if received and actor.account_id:
        unit_id = seat(actor, "cases.receive", unit.path) or unit.pk
        account: int | None = actor.account_id
        people: list[Account] = []
    else:
        itself = unit.kind in {UnitKind.ZONE, UnitKind.COUNTY}
        above = superiors(unit, itself=itself) or [unit.pk]
        found = people_of(above, "cases.receive", day)
        unit_id = nearest(above, found) or above[0]
        people = found.get(unit_id, [])
        account = people[0].pk if len(people) == 1 else None
    lead = Responsibility(
        unit_id=unit_id,
        account_id=account,
        role=Responsibility.Role.LEAD,
        status=Responsibility.Status.ACCEPTED,
        at=at,
    )
    return lead, people


def _first_events(
    actor: Actor, case: Case, procedure: Procedure, at: dt.datetime, *, received: bool
) -> list[Event]:
    initial = procedure.initial.key
    common = {"case": case, "at": at, "account_id": actor.account_id or None}
    raised = Event(
        **common,
        version=1,
        transition="raise",
        to_state=initial,
        clock=["start"],
        payload={"targets": stored_targets(procedure)},
    )
    receive = procedure.find("receive", initial)
    if not received or receive is None:
        return [raised]
    taken = Event(
        **common,
        version=2,
        transition=receive.key,
        from_state=initial,
        to_state=receive.to,
        clock=["respond"],
    )
    return [raised, taken]
