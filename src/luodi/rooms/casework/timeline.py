"""A case's history in plain words, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import Unit
from luodi.rooms.casework.models import Case, Event
from luodi.rooms.casework.procedure import Transition, procedures


@dataclass(frozen=True, slots=True)
class Line:
    """What happened: `who` did `what`, with `detail`; their own words are the `note`."""

    at: dt.datetime
    who: str
    what: str
    detail: str
    note: str
    state: str  # where the case went, if anywhere


def lines(case: Case, events: Iterable[Event]) -> list[Line]:
    labels = {one.key: str(one.label) for one in case.plan.transitions}
    states = {key: str(one.label) for key, one in case.plan.states.items()}
    return [
        Line(
            at=event.at,
            who=who_did(case, event),
            what=_("反映问题")
            if event.transition == "raise"
            else str(WAYS[event.payload["way"]][0])
            if event.payload.get("way") in WAYS
            else labels.get(event.transition) or str(case.plan.label_of(event.transition)),
            detail=detail(event),
            note=event.note,
            state=states.get(event.to_state, event.to_state)
            if event.from_state != event.to_state
            else "",
        )
        for event in reversed(list(events))
    ]


def who_did(case: Case, event: Event) -> str:
    """Who did it, and for whom; without an account somebody with the public form, or the product."""
    if event.account is None:
        public = event.transition == "raise" or event.payload.get("public")
        return case.reporter_name if public else _("系统")
    if "for" in event.payload:
        return _("%(who)s（代%(name)s）") % {"who": event.account, "name": event.payload["for"]}
    return str(event.account)


def detail(event: Event) -> str:
    """The facts of a step, from its payload."""
    facts = event.payload
    if "gone" in facts:
        return str(facts["gone"])
    if "of" in facts:
        to = " · ".join(filter(None, (facts["unit_name"], facts.get("account", ""))))
        return " → ".join(filter(None, (facts["of"], to)))
    if "unit_name" in facts:
        return " · ".join(filter(None, (facts["unit_name"], facts.get("account", ""))))
    if "due_at" in facts and "was" in facts:
        return _("由 %(was)s 改为 %(now)s") % {
            "was": moment(facts["was"]),
            "now": moment(facts["due_at"]),
        }
    if "name" in facts:
        return str(facts["name"])
    if "into" in facts or "other" in facts:
        return str(facts.get("into") or facts.get("other"))
    if "procedure" in facts:
        new = procedures().get(facts["procedure"])
        return str(new.label) if new else str(facts["procedure"])
    if "until" in facts:
        return _("至 %(day)s") % {"day": facts["until"]}
    if "due_on" in facts:
        return _("期限 %(day)s") % {"day": facts["due_on"]}
    return ""


WAYS = {
    "down": (gettext_lazy("交办"), gettext_lazy("已交办，等对方接收")),
    "up": (gettext_lazy("上报"), gettext_lazy("已上报，等上级接收")),
    "side": (gettext_lazy("转办"), gettext_lazy("已转办，等对方接收")),
}


def way_of(giver: Unit, taker: Unit) -> str:
    """Handing over goes `down` (交办), `up` (上报) or to the `side` (转办) in the tree of units."""
    if taker.path.startswith(giver.path):
        return "down"
    return "up" if giver.path.startswith(taker.path) else "side"


def handed(case: Case, transition: Transition) -> str:
    """What has happened by handing over, by its way; "" for other steps."""
    if transition.key != "hand_over":
        return ""
    last = Event.objects.filter(case_id=case.pk, transition="hand_over").order_by("version").last()
    way = last.payload.get("way", "") if last else ""
    return str(WAYS[way][1]) if way in WAYS else ""


def moment(text: str | None) -> str:
    if text is None:
        return _("办理程序规定的期限")
    return f"{timezone.localtime(dt.datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
