"""What the tests that try every address know of pathways."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import PEOPLE, ZONE, Ids, Operation, Page, anyone, holders, of_rows, reading
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType, Stage
from luodi.rooms.pathways import api
from luodi.rooms.pathways.verbs import dues, pairing

KEEP = frozenset({"branch_secretary"})
WRITE = frozenset({"office", "instructor", "branch_secretary"})
ON = dt.date(2022, 3, 1)

PAGES: dict[str, Page] = {
    "pathways:journeys": holders(*PEOPLE),
    "pathways:roll": holders(*PEOPLE),
    "pathways:begin": holders(*WRITE),
    "pathways:journey": of_rows(PEOPLE),
    "pathways:paper": of_rows(PEOPLE),
    "pathways:step": of_rows(WRITE),
    "pathways:interrupt": of_rows(WRITE),
    "pathways:resume": of_rows(WRITE),
    "pathways:move": of_rows(WRITE),
    "pathways:plan": of_rows(WRITE),
    "pathways:end": of_rows(WRITE),
    "pathways:correct": of_rows(WRITE),
    "pathways:withdraw": of_rows(WRITE),
    "pathways:dues": Page(KEEP, KEEP),
    "pathways:dues_mine": anyone(),
    "pathways:dues_year": of_rows(KEEP),
    "pathways:dues_month": of_rows(KEEP),
    "pathways:receipt": of_rows(KEEP),
    "pathways:dues_base": of_rows(KEEP),
    "pathways:dues_waive": of_rows(KEEP),
    "pathways:dues_take_back": of_rows(KEEP),
    "pathways:terms": holders(*PEOPLE),
    "pathways:shift_term": of_rows(ZONE),
    "pathways:pairings": holders(*PEOPLE),
    "pathways:begin_pairing": holders(*WRITE),
    "pathways:pairing": of_rows(PEOPLE),
    "pathways:add_pairing_step": of_rows(WRITE),
    "pathways:end_pairing": of_rows(WRITE),
    "pathways:finish_pairing_step": of_rows(WRITE),
}


def steps(ids: Ids) -> Any:
    return {"step": "choose", "on": "2022-05-01", "paper": "示例"}


def because(ids: Ids) -> Any:
    return {"reason": "示例", "on": "2022-03-02", "paper": "示例"}


OPERATIONS: dict[str, Operation] = {
    "GET /pathways/journeys": reading(PEOPLE),
    "GET /pathways/journeys/{pk}": Operation(PEOPLE, about="journey"),
    "POST /pathways/journeys": Operation(
        WRITE,
        lambda ids: {
            "person": ids["pathways:free"], "branch": ids["pathways:branch"], "on": "2023-01-01",
            "paper": "示例",
        },
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/journeys/{pk}/steps": Operation(WRITE, steps, "journey"),
    "POST /pathways/journeys/{pk}/interrupt": Operation(
        WRITE, lambda ids: {"since": "2022-06-01", "until": "2022-07-01", "reason": "示例"}, "journey"
    ),
    "POST /pathways/journeys/{pk}/resume": Operation(
        WRITE, lambda ids: {"on": "2022-08-01"}, "journey:paused"
    ),
    "POST /pathways/journeys/{pk}/plan": Operation(WRITE, lambda ids: {"plan_year": 2023}, "journey"),
    "POST /pathways/journeys/{pk}/move": Operation(
        WRITE, lambda ids: {"branch": ids["pathways:other"], "on": "2022-09-01"}, "journey:paused",
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/journeys/{pk}/end": Operation(
        WRITE, lambda ids: {"end": "withdrawn", "on": "2022-09-01", "ground": "示例"}, "journey:paused"
    ),
    "POST /pathways/facts/{pk}/correct": Operation(WRITE, because, "pathways:fact"),
    "POST /pathways/facts/{pk}/withdraw": Operation(
        WRITE, lambda ids: {"reason": "示例"}, "pathways:fact"
    ),
    "GET /pathways/dues/{pk}/years/{year}": Operation(KEEP, about="pathways:branch"),
    "POST /pathways/dues/{pk}/collect": Operation(
        KEEP, lambda ids: {"month": "2023-02-01", "people": [ids["pathways:member"]]},
        "pathways:branch", otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/dues/{pk}/bases": Operation(
        KEEP, lambda ids: {"person": ids["pathways:member"], "category": "wage", "since": "2023-01-01",
                           "base": 3000},
        "pathways:branch", otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/dues/{pk}/waivers": Operation(
        KEEP, lambda ids: {"person": ids["pathways:member"], "month": "2023-03-01", "reason": "示例"},
        "pathways:branch", otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/dues/rows/{pk}/take-back": Operation(
        KEEP, lambda ids: {"reason": "示例"}, "pathways:dues"
    ),
    "GET /pathways/terms": reading(PEOPLE),
    "POST /pathways/terms/{pk}/shift": Operation(
        ZONE, lambda ids: {"moved_to": "2023-06-01", "reason": "示例"}, "pathways:branch"
    ),
    "POST /pathways/pairings": Operation(
        WRITE,
        lambda ids: {
            "person": ids["pathways:free"], "direction": "to_member",
            "companion": ids["pathways:member"], "since": "2023-01-01", "goal": "示例",
        },
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /pathways/pairings/{pk}/steps": Operation(
        WRITE, lambda ids: {"text": "示例", "due_on": "2099-01-01"}, "pathways:pairing"
    ),
    "POST /pathways/pairings/{pk}/end": Operation(
        WRITE, lambda ids: {"on": "2023-06-01", "result": "示例"}, "pathways:pairing"
    ),
    "POST /pathways/pairings/steps/{pk}/done": Operation(
        WRITE, lambda ids: {"on": "2023-02-01", "sentence": "示例"}, "pathways:pairing_step"
    ),
}  # fmt: skip
MEANINGS: dict[tuple[str, str], str] = {
    ("pathways:dues_take_back", "pk"): "pathways:dues",
    ("pathways:dues", "pk"): "pathways:branch",
    ("pathways:receipt", "pk"): "pathways:branch",
    ("pathways:shift_term", "pk"): "pathways:branch",
    ("pathways:pairing", "pk"): "pathways:pairing",
    ("pathways:add_pairing_step", "pk"): "pathways:pairing",
    ("pathways:end_pairing", "pk"): "pathways:pairing",
    ("pathways:finish_pairing_step", "pk"): "pathways:pairing_step",
    ("pathways:receipt", "person"): "pathways:member",
    ("pathways:dues", "year"): "pathways:year",
    ("pathways:receipt", "year"): "pathways:year",
    ("pathways:dues", "month"): "pathways:month",
    ("GET /pathways/dues/{pk}/years/{year}", "year"): "pathways:year",
    ("pathways:correct", "pk"): "pathways:fact",
    ("pathways:withdraw", "pk"): "pathways:fact",
    ("pathways:", "pk"): "journey",
    ("pathways:roll", "stage"): "pathways:roll",
    ("pathways:step", "key"): "pathways:key",
}
NUMBERS: dict[str, str] = {
    "pathways:dues_year": "amounts of members, which no figure shows",
    "pathways:dues_month": "amounts of members, which no figure shows",
    "pathways:receipt": "amounts of one member",
    "pathways:dues_mine": "one's own amounts",
    "pathways:terms": "numbers in the sentences of rules",
    "pathways:journey": "numbers of steps, of days and of votes in one person's file",
    "pathways:paper": "numbers of steps and of votes in one person's file",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A file with its application and talk; another one that is interrupted; who has none yet."""

    def branch(name: str) -> directory.Branch:
        return directory.found_branch(
            actor=SYSTEM, parent=unit, name=f"示例{name}支部{number}", type=BranchType.BRANCH,
            founded_on=dt.date(2020, 1, 1),
        )  # fmt: skip

    def person(name: str) -> directory.Person:
        return directory.add_person(
            actor=SYSTEM, unit=unit, name=f"示例{name}{number}", born_on=dt.date(1990, 1, 1)
        )

    here, other = branch("培养"), branch("转入")
    first, second = person("申请甲"), person("申请乙")
    made = []
    for one in (first, second):
        journey = api.open_journey(actor=SYSTEM, person=one, branch=here, on=ON, paper="示例")
        fact = api.record_step(
            actor=SYSTEM, journey=journey, step="talk", on=dt.date(2022, 3, 5), paper="示例"
        )
        made.append((journey, fact))
    member = person("党员甲")
    directory.start_membership(
        actor=SYSTEM, person=member, branch=here, stage=Stage.FORMAL, since=dt.date(2020, 1, 1)
    )
    directory.set_term(actor=SYSTEM, branch=here, started_on=dt.date(2020, 1, 1))
    dues.set_base(
        actor=SYSTEM, branch=here, person=member, category="none", since=dt.date(2020, 1, 1)
    )
    paid = dues.collect(actor=SYSTEM, branch=here, month=dt.date(2023, 1, 1), people=[member])
    pair = pairing.begin_pairing(
        actor=SYSTEM, person=member, direction="to_backbone", companion=first,
        since=dt.date(2022, 1, 1), goal="示例",
    )  # fmt: skip
    pairing.agree_on_step(actor=SYSTEM, pairing=pair, text="示例", due_on=dt.date(2022, 6, 1))
    api.interrupt(actor=SYSTEM, journey=made[1][0], since=dt.date(2022, 5, 1), reason="示例")
    return {
        "journey": made[0][0].pk,
        "journey:paused": made[1][0].pk,
        "pathways:fact": made[0][1].pk,
        "pathways:free": person("申请丙").pk,
        "pathways:branch": here.pk,
        "pathways:other": other.pk,
        "pathways:member": member.pk,
        "pathways:dues": paid[0].pk,
        "pathways:pairing": pair.pk,
        "pathways:pairing_step": pair.steps.get().pk,
        "pathways:year": 2023,
        "pathways:month": 1,
        "pathways:roll": "activists",
        "pathways:key": "choose",
    }
