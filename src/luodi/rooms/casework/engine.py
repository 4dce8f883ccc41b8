"""How every verb carries a case: take it in hand, record what happened, lay it down.

`take` locks the case and asks whether the actor may; `record` appends to the history; `lay_down`
writes the projection that follows from the history and tells whose turn it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Actor, because
from luodi.lib.calendars import WorkingCalendar
from luodi.lib.errors import NotAllowed, NotFound, Stale, UserError
from luodi.lib.text import one_line
from luodi.rooms.casework import notify, words
from luodi.rooms.casework.clocks import effects_between, replay_case
from luodi.rooms.casework.models import Case, Event, Share
from luodi.rooms.casework.procedure import PREVIOUS, SAME, Procedure, State, Transition
from luodi.rooms.casework.standing import Standing, allows, relations, standing_of, stood_for

# Everything that `project` computes: no verb writes these columns.
PROJECTED = [
    "state",
    "outcome",
    "lead_unit_id",
    "lead_account_id",
    "waits_on",
    "waiting_unit_id",
    "waiting_account_id",
    "first_due_at",
    "responded_at",
    "due_at",
    "met_at",
    "next_due_at",
    "amber_at",
    "extended",
    "missed_at",
    "missed_until",
    "paused",
    "paused_until",
    "confirm_at",
    "closed_at",
    "confirmed_how",
    "reopened",
    "supervised_at",
    "escalated_unit_id",
    "escalated_due_at",
]


@dataclass
class Work:
    """A case in an actor's hands: locked, with its history and who stands how to it."""

    actor: Actor
    case: Case
    at: dt.datetime
    events: list[Event]
    standing: Standing
    transition: Transition
    fresh: list[Event] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # more for the full-text search
    also: dict[str, Any] = field(default_factory=dict)  # columns that a verb itself changes
    unshare: int | None = None  # a unit whose sight of the case ends with the verb
    stands_for: str = ""  # the name of whom the actor stands in for in this step

    @property
    def procedure(self) -> Procedure:
        return self.case.plan


def take(
    actor: Actor,
    case: Case,
    verb: str,
    *,
    at: dt.datetime | None,
    version: int | None = None,
    key: str = "",
    relation: str = "",
) -> Work:
    """Locks a case for a verb. Raises NotFound, Stale, UserError (wrong state) or NotAllowed.

    `relation` is one that the verb knows of and the case does not: `owner:7`, of a measure.
    """
    # Locked without joins: after waiting for another session, PostgreSQL looks at the new row
    # beside the old rows that it was joined with, and a case whose lead has changed would be gone.
    found = Case.objects.select_for_update().filter(pk=case.pk).first()
    if found is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    events = list(Event.objects.filter(case_id=found.pk).order_by("version"))
    if version is not None and version != found.version:
        raise _stale(found, events, version)
    transition = found.plan.find(verb, found.state, key)
    if transition is None:
        raise UserError(
            _("当前状态是“%(state)s”，不能做这一步。") % {"state": found.state_now.label}
        )
    standing = standing_of(found.pk)
    related = relations(actor, found, standing)
    if relation:
        related[relation.partition(":")[0]] = None
    if not allows(transition, actor, related):
        raise NotAllowed(_("这一步应由别人办理：您的角色或您与这个问题的关系不允许。"))
    stands_for = stood_for(actor, found, standing, transition, relation)
    if stands_for:
        because(_("代%(name)s办理") % {"name": stands_for})
    return Work(
        actor,
        found,
        _moment(events, at),
        events,
        standing,
        transition,
        stands_for=stands_for,
    )


def _moment(events: list[Event], at: dt.datetime | None) -> dt.datetime:
    """The moment of a new event: never before what has already happened."""
    latest = events[-1].at
    if at is None:
        return max(timezone.now(), latest)
    if at < latest:
        raise UserError(
            _("时间不能早于上一步（%(at)s）。") % {"at": f"{timezone.localtime(latest):%F %T}"},
            "at",
        )
    return at


def _stale(case: Case, events: list[Event], version: int) -> Stale:
    since = [event for event in events if event.version > version]
    labels = {one.key: str(one.label) for one in case.plan.transitions}
    return Stale(
        _("在您打开之后，别人已经更改了这个问题。请核对后再办。"),
        {
            "version": case.version,
            _("状态"): str(case.state_now.label),
            _("责任单位"): str(case.lead_unit),
            _("责任人"): str(case.lead_account or ""),
            _("经过"): "；".join(
                " ".join(filter(None, (labels.get(one.transition, one.transition), one.note)))
                for one in since
            ),
        },
    )


def record(work: Work, note: str = "", **payload: Any) -> Event:
    """Appends what happened, by the transition in hand, to the history."""
    transition, case = work.transition, work.case
    note = note.strip()
    for need, message in (("reason", _("请写明原因。")), ("text", _("请写明内容。"))):
        if need in transition.needs and not one_line(note):
            raise UserError(message, need)
    before = case.plan.states[work.events[-1].to_state]
    after = _target_state(work, before)
    clock = effects_between(before, after)
    if transition.responds and not any("respond" in event.clock for event in work.events):
        clock = ["respond", *clock]
    clock += payload.pop("clock", [])
    if work.stands_for:
        payload["for"] = work.stands_for
    event = Event(
        case=case,
        version=work.events[-1].version + 1,
        at=work.at,
        account_id=work.actor.account_id or None,
        transition=transition.key,
        from_state=before.key,
        to_state=after.key,
        clock=clock,
        note=note,
        payload=payload,
    )
    work.events.append(event)
    work.fresh.append(event)
    if note:
        work.texts.append(note)
    return event


def _target_state(work: Work, before: State) -> State:
    to = work.transition.to
    if to == SAME:
        return before
    if to == PREVIOUS:
        entered = next(
            event
            for event in reversed(work.events)
            if event.to_state == before.key != event.from_state
        )
        to = entered.from_state
    return work.case.plan.states[to]


def lay_down(work: Work) -> Case:
    """Writes the new history and the projection, and tells those whom it concerns."""
    case = work.case
    before = {
        name: getattr(case, name) for name in ("state", "waiting_account_id", "waiting_unit_id")
    }
    Event.objects.bulk_create(work.fresh)
    values = project(case, work.events, work.standing, calendar_for(case.unit))
    values |= work.also | {"version": work.events[-1].version}
    for name, value in values.items():
        setattr(case, name, value)
    if work.texts:
        values["search"] = words.joined(work.texts)
    Case.objects.filter(pk=case.pk).update(**values)
    _point_at_people(case, work.standing)
    notify.carried(work, before)
    if work.unshare is not None:  # last: it may end the actor's own sight
        Share.objects.filter(case=case, unit_id=work.unshare).delete()
    return case


def _point_at_people(case: Case, standing: Standing) -> None:
    """Sets the loaded unit and account of the lead, so that a caller need not read them again."""
    case.lead_unit, case.lead_account = standing.lead.unit, standing.lead.account


def project(
    case: Case, events: list[Event], standing: Standing, calendar: WorkingCalendar
) -> dict[str, Any]:
    """The projection of a history: what the lists show of a case (see `PROJECTED`).

    It holds from the last event until the next; nothing in it depends on what time it is.
    """
    last = events[-1]
    state = case.plan.states[last.to_state]
    closed = state.kind == "final"
    return {
        "state": state.key,
        "outcome": state.outcome,
        "lead_unit_id": standing.lead.unit_id,
        "lead_account_id": standing.lead.account_id,
        **_whose_turn(case, state, standing, events),
        **_deadlines(case, events, state, calendar),
        "closed_at": _entered(events).at if closed else None,
        "confirmed_how": _entered(events).payload.get("confirmed", "") if closed else "",
        "reopened": sum(bool(event.payload.get("reopened")) for event in events),
        "supervised_at": _last_at(events, "supervise"),
        **_escalation(events),
        **_extensions(events, calendar),
    }


def _extensions(events: list[Event], calendar: WorkingCalendar) -> dict[str, Any]:
    """How often the deadline of the solution was put off; which one had passed by then, if one had,
    and until when it stood as passed."""
    times, missed, until = 0, None, None
    for place, event in enumerate(events):
        if not place or not {"due", "retarget"} & set(event.clock):
            continue
        was = replay_case(events[:place], calendar, event.at).resolution
        now = replay_case(events[: place + 1], calendar, event.at).resolution
        if was.met_at or was.due_at is None or (now.due_at and now.due_at <= was.due_at):
            continue
        times += 1
        if missed is None and was.due_at < event.at:
            missed, until = was.due_at, event.at
    return {"extended": times, "missed_at": missed, "missed_until": until}


def _whose_turn(
    case: Case, state: State, standing: Standing, events: list[Event]
) -> dict[str, Any]:
    if state.kind == "final":
        return {"waits_on": "", "waiting_unit_id": None, "waiting_account_id": None}
    if state.owner == "reporter":
        unit_id, account_id = case.reporter_unit_id, speaker_of(case, events)
    else:
        offered = standing.offer if state.owner == "offered" else None
        holder = offered or standing.lead
        unit_id, account_id = holder.unit_id, holder.account_id
    return {
        "waits_on": state.owner,
        "waiting_unit_id": unit_id,
        "waiting_account_id": account_id,
    }


def speaker_of(case: Case, events: list[Event]) -> int | None:
    """Who is asked whether it is solved: who reported it, or who has taken that over since."""
    for event in reversed(events):
        if "speaker" in event.payload:
            return event.payload["speaker"] or None
    return case.reporter_id


def _deadlines(
    case: Case, events: list[Event], state: State, calendar: WorkingCalendar
) -> dict[str, Any]:
    clocks = replay_case(events, calendar, events[-1].at)
    first, resolution = clocks.first, clocks.resolution
    final = state.kind == "final"
    outstanding = [] if final else [one for one in (first, resolution) if one.met_at is None]
    confirms = state.owner == "reporter" and not final
    return {
        "first_due_at": first.due_at,
        "responded_at": first.met_at,
        "due_at": resolution.due_at,
        "met_at": resolution.met_at,
        "next_due_at": min((one.due_at for one in outstanding if one.due_at), default=None),
        "amber_at": min((one.amber_at for one in outstanding if one.amber_at), default=None),
        "paused": state.clocks == "paused",
        "paused_until": _paused_until(events) if state.clocks == "paused" else None,
        "confirm_at": _entered(events).at + dt.timedelta(days=case.plan.confirm_days)
        if confirms
        else None,
    }


def _entered(events: list[Event]) -> Event:
    """The event by which the present state was entered; an undone merge is as if it never was."""
    skipping = False
    for event in reversed(events):
        if event.transition == "unmerge":
            skipping = True
        elif event.transition == "merge" and skipping:
            skipping = False
        elif not skipping and event.from_state != event.to_state:
            return event
    raise AssertionError("a history begins with an entry")


def _paused_until(events: list[Event]) -> dt.date | None:
    """The day that the last suspension named, if it named one."""
    said = next((one for one in reversed(events) if one.transition == "pause"), None)
    until = said.payload.get("until") if said else None
    return dt.date.fromisoformat(until) if until else None


def _last_at(events: list[Event], transition: str) -> dt.datetime | None:
    return next((one.at for one in reversed(events) if one.transition == transition), None)


def _escalation(events: list[Event]) -> dict[str, Any]:
    for event in reversed(events):
        if event.transition == "escalate_overdue":
            due = dt.datetime.fromisoformat(event.payload["due_at"])
            return {"escalated_unit_id": event.payload["unit"], "escalated_due_at": due}
    return {"escalated_unit_id": None, "escalated_due_at": None}


def reproject(case: Case) -> bool:
    """Writes a case's projection anew (after a change of the calendar); whether it differed."""
    events = list(Event.objects.filter(case_id=case.pk).order_by("version"))
    values = project(case, events, standing_of(case.pk), calendar_for(case.unit))
    changed = {name: value for name, value in values.items() if getattr(case, name) != value}
    if changed:
        Case.objects.filter(pk=case.pk).update(**changed)
    return bool(changed)
