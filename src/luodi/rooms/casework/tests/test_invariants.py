"""Whatever people do, in whatever order: somebody is responsible, and the rows agree."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.errors import UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Measure, Responsibility, standing_of
from luodi.rooms.casework.engine import PROJECTED, project

START = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # a Monday, 09:00 in Shanghai
ROLES = ["liaison", "instructor", "office", "department_officer", "branch_secretary", "deputy"]
Step = tuple[int, str, int]


def act(zone: Zone, actor: Actor, case: Case, verb: str, at: dt.datetime) -> None:
    measure = Measure.objects.filter(case=case, done_at=None, dropped_at=None).first()
    common: dict[str, Any] = {"actor": actor, "case": case, "at": at}
    verbs: dict[str, Callable[[], object]] = {
        "receive": lambda: casework.receive(**common),
        "hand_over": lambda: casework.hand_over(**common, unit=zone.department),
        "assign": lambda: casework.hand_over(**common, unit=zone.zone),
        "accept": lambda: casework.accept(**common),
        "return": lambda: casework.return_(**common, reason="不属职责"),
        "take_back": lambda: casework.take_back(**common),
        "escalate": lambda: casework.escalate(**common, reason="超出权限"),
        "ask": lambda: casework.ask_department(**common, unit=zone.department, text="请协办"),
        "join": lambda: casework.join(**common),
        "decline": lambda: casework.decline(**common, reason="无法协办"),
        "add_measure": lambda: casework.add_measure(
            **common, text="措施", due_on=dt.date(2027, 1, 1), owner_name="示例某"
        ),
        "finish": lambda: measure and casework.finish_measure(actor=actor, measure=measure, at=at),
        "drop": lambda: (
            measure
            and casework.drop_measure(actor=actor, measure=measure, reason="改用他法", at=at)
        ),
        "answer": lambda: casework.answer(**common, text="正在办理"),
        "pause": lambda: casework.pause(**common, reason="等设备"),
        "resume": lambda: casework.resume(**common, reason="设备已到"),
        "submit": lambda: casework.submit(**common, note="已解决"),
        "satisfied": lambda: casework.verify(**common, satisfied=True),
        "unsatisfied": lambda: casework.verify(**common, satisfied=False, words="未解决"),
        "withdraw": lambda: casework.withdraw(**common, reason="已自行解决"),
        "close": lambda: casework.close(**common, reason="政策不允许"),
        "reopen": lambda: casework.reopen(**common, reason="又出现"),
        "deadline": lambda: casework.set_deadline(
            **common, due_at=at + dt.timedelta(days=3), reason="急"
        ),
        "procedure": lambda: casework.change_procedure(
            **common, procedure="special_rectification", reason="转整治"
        ),
        "urge": lambda: casework.urge(**common),
        "overdue": lambda: casework.escalate_overdue(case=case, at=at),
    }
    verbs[verb]()


VERBS = [
    *("receive", "hand_over", "assign", "accept", "accept", "return", "take_back", "escalate"),
    *("ask", "join", "decline", "add_measure", "finish", "drop", "answer", "pause", "resume"),
    *("submit", "submit", "satisfied", "unsatisfied", "withdraw", "close", "reopen", "deadline"),
    *("procedure", "urge", "overdue"),
]
STEPS = st.lists(
    st.tuples(st.integers(0, len(ROLES) - 1), st.sampled_from(VERBS), st.integers(0, 3000)),
    max_size=14,
)


def agrees(pk: int) -> Case:
    """Checks what must always hold of a case."""
    case = Case.objects.select_related("unit").get(pk=pk)
    events = list(case.events.order_by("version"))
    leads = Responsibility.objects.filter(case=case, role="lead", status="accepted")
    assert leads.count() == 1
    assert (leads[0].unit_id, leads[0].account_id) == (case.lead_unit_id, case.lead_account_id)
    offers = Responsibility.objects.filter(case=case, role="lead", status="offered")
    assert offers.count() == (1 if case.state == "offered" else 0)
    assert (case.waiting_unit_id is not None) == case.is_open == bool(case.waits_on)
    assert [event.version for event in events] == list(range(1, len(events) + 1))
    assert case.version == len(events)
    for before, after in itertools.pairwise(events):
        assert after.from_state == before.to_state
        assert after.at >= before.at
    if case.state in {"submitted", "confirmed"}:
        assert not Measure.objects.filter(case=case).open().exists()
    replayed = project(case, events, standing_of(pk), calendar_for(case.unit))
    assert {name: getattr(case, name) for name in PROJECTED} == replayed
    return case


def carry(zone: Zone, case: Case, steps: list[Step]) -> int:
    """Tries each step as one role after the other; those that are refused change nothing."""
    at, taken = START, 0
    for first, verb, minutes in steps:
        at += dt.timedelta(minutes=minutes)
        for role in ROLES[first:] + ROLES[:first]:
            with acting(zone.actor(role)) as actor:
                try:
                    with transaction.atomic():
                        act(zone, actor, case, verb, at)
                except UserError:
                    continue
            taken += 1
            break
        agrees(case.pk)
    return taken


SLOWLY = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SLOWLY
@given(steps=STEPS)
def test_somebody_is_always_responsible_and_the_projection_is_the_history(
    zone: Zone, steps: list[Step]
) -> None:
    with transaction.atomic():
        with acting(zone.actor("liaison")) as liaison:
            case = casework.raise_problem(
                actor=liaison, unit=zone.enterprise, text="示例问题", at=START
            )
        agrees(case.pk)
        carry(zone, case, steps)
        transaction.set_rollback(True)


@SLOWLY
@given(steps=STEPS, later=st.integers(0, 50_000))
def test_undoing_a_merge_restores_the_case_exactly(
    zone: Zone, steps: list[Step], later: int
) -> None:
    with transaction.atomic():
        with acting(zone.actor("liaison")) as liaison:
            case, main = (
                casework.raise_problem(
                    actor=liaison, unit=zone.enterprise, text=f"示例问题 {n}", at=START
                )
                for n in range(2)
            )
        carry(zone, case, steps)
        before = Case.objects.get(pk=case.pk)
        at = before.events.last().at + dt.timedelta(minutes=later)
        rows = list(Responsibility.objects.filter(case=case).order_by("pk").values())
        try:
            with transaction.atomic():
                merged = casework.merge(actor=SYSTEM, case=case, into=main, at=at)
        except UserError:
            assert before.state in {"offered", "confirmed", "closed", "withdrawn", "rejected"}
        else:
            assert (merged.is_open, merged.next_due_at) == (False, None)
            agrees(case.pk)
            casework.unmerge(actor=SYSTEM, case=case, at=at + dt.timedelta(minutes=later))
            after = agrees(case.pk)
            same = [*PROJECTED, "merged_into_id", "procedure"]
            assert [getattr(after, one) for one in same] == [getattr(before, one) for one in same]
            assert rows == list(Responsibility.objects.filter(case=case).order_by("pk").values())
        transaction.set_rollback(True)
