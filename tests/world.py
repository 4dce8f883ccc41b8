"""A rich zone for tests that try every address: one of everything, inside and outside a scope.

*Inside* belongs to the first enterprise, *outside* to the one in the other district. Everything and
everybody here is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from luodi.ground.notices import api as notices
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Unit, acting
from luodi.lib.codes import example_identity, example_uscc
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.models import BranchType, Enterprise, PostKind, Stage
from luodi.rooms.directory.rules import RULES
from luodi.rooms.programmes import api as programmes
from luodi.rooms.registers import api as registers
from luodi.rooms.reports import api as reports
from luodi.rooms.workbench.feed import token_of as token_of_feed
from tests.rest import Rest, token_of
from tests.zone import PLACES, Zone, build_zone

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FOUNDED = dt.date(2021, 3, 1)
STATES = (
    "raised",
    "handling",
    "offered",
    "suspended",
    "submitted",
    "confirmed",
    "closed",
    "withdrawn",
    "rejected",
    "merged",
    "asked",  # in hand, a department asked to help
)
Ids = dict[str, Any]


@dataclass
class World:
    """`inside` and `outside` map a kind of object to its id, or to its number for cases."""

    zone: Zone
    inside: Ids
    outside: Ids
    clients: dict[str | None, Client]
    rest: dict[str | None, Rest]

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Whatever happens inside is undone."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def build_world() -> World:
    """Builds everything inside the caller's transaction (and its `acting(SYSTEM)`)."""
    zone = build_zone()
    rest: dict[str | None, Rest] = {role: Rest(token_of(zone, role)) for role in PLACES}
    rest[None] = Rest(None)
    return World(
        zone=zone,
        inside=_things(zone, zone.enterprise, 0),
        outside=_things(zone, zone.elsewhere, 1),
        clients={role: zone.client(role) for role in (*PLACES, None)},
        rest=rest,
    )


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of a file; it is never committed."""
    with django_db_blocker.unblock(), acting(SYSTEM):
        yield build_world()
        transaction.set_rollback(True)


def _things(zone: Zone, unit: Unit, number: int) -> Ids:
    account = zone.accounts["branch_secretary" if number == 0 else "office"]
    return {
        "unit": unit.pk,
        "zone": zone.zone.pk,
        "feed": token_of_feed(account.pk),
        "department": zone.department.pk,
        "district": unit.parent_id,
        "account": account.pk,
        **_cases(zone, unit),
        **_directory(unit, number),
        **_programmes(unit, number),
        **_registers(zone, unit),
        **_messages(unit, account),
        **_access(unit, number),
        **_reports(unit),
    }


def _cases(zone: Zone, unit: Unit) -> Ids:
    found: Ids = {f"case:{state}": _case_in(zone, unit, state).code for state in STATES}
    handling = Case.objects.get(code=found["case:handling"])
    measure = casework.add_measure(
        actor=SYSTEM,
        case=handling,
        text="示例措施",
        due_on=scope.today() + dt.timedelta(days=30),
        owner_name="示例某",
    )
    file = casework.attach(actor=SYSTEM, case=handling, upload=SimpleUploadedFile("示例.pdf", PDF))
    category = casework.save_category(actor=SYSTEM, name="示例类别", unit=unit)
    template = casework.save_template(
        actor=SYSTEM, kind="answer", name="示例模板", text="示例", unit=unit
    )
    intake = casework.intake_of(actor=SYSTEM, unit=unit)
    return found | {
        "case": handling.code,
        "measure": measure.pk,
        "file": file.pk,
        "category": category.pk,
        "template": template.pk,
        "token": intake.token,
    }


def _case_in(zone: Zone, unit: Unit, state: str) -> Case:
    """A case of the unit in a state, carried there by the product itself."""
    made = casework.raise_problem(actor=SYSTEM, unit=unit, text=f"示例问题，用于“{state}”。")
    if state == "raised":
        return made
    if state == "rejected":
        return casework.reject(actor=SYSTEM, case=made, reason="示例")
    if state == "withdrawn":
        return casework.withdraw(actor=SYSTEM, case=made, reason="示例")
    casework.receive(actor=SYSTEM, case=made)
    if state == "handling":
        return Case.objects.get(pk=made.pk)
    if state == "asked":
        return casework.ask_department(actor=SYSTEM, case=made, unit=zone.department, text="示例")
    if state == "offered":
        return casework.hand_over(actor=SYSTEM, case=made, unit=zone.department)
    if state == "suspended":
        return casework.pause(actor=SYSTEM, case=made, reason="示例")
    if state == "closed":
        return casework.close(actor=SYSTEM, case=made, reason="示例")
    if state == "merged":
        other = _case_in(zone, unit, "raised")
        return casework.merge(actor=SYSTEM, case=made, into=other)
    casework.submit(actor=SYSTEM, case=made, note="示例")
    if state == "submitted":
        return Case.objects.get(pk=made.pk)
    return casework.verify(actor=SYSTEM, case=made, satisfied=True)


def _directory(unit: Unit, number: int) -> Ids:
    enterprise = Enterprise.objects.create(unit=unit, code=example_uscc(40 + number))
    branch = directory.found_branch(
        actor=SYSTEM,
        parent=unit,
        name=f"示例党支部{number}",
        type=BranchType.BRANCH,
        founded_on=FOUNDED,
    )
    second = directory.found_branch(
        actor=SYSTEM,
        parent=unit,
        name=f"示例第二党支部{number}",
        type=BranchType.BRANCH,
        founded_on=FOUNDED,
    )
    joint = directory.found_branch(
        actor=SYSTEM,
        parent=Unit.objects.get(pk=unit.parent_id),
        name=f"示例联合党支部{number}",
        type=BranchType.JOINT,
        founded_on=FOUNDED,
        spans=[enterprise],
    )
    born_on = dt.date(1980, 1, 1 + number)
    person = directory.add_person(
        actor=SYSTEM,
        unit=unit,
        name=f"示例赵{number}",
        born_on=born_on,
        identity=example_identity(50 + number, born_on),
        phone=f"1380000000{number}",
    )
    membership = directory.start_membership(
        actor=SYSTEM, person=person, branch=branch, stage=Stage.ACTIVIST, since=FOUNDED
    )
    post = directory.appoint(
        actor=SYSTEM,
        person=person,
        unit=branch.unit,
        kind=PostKind.BRANCH_SECRETARY,
        since=FOUNDED,
    )
    stranger = directory.add_person(actor=SYSTEM, unit=unit, name=f"示例周{number}")
    override = directory.override_rule(
        actor=SYSTEM, branch=branch, rule=next(iter(RULES)), reason="示例"
    )
    return {
        "enterprise": enterprise.pk,
        "branch": branch.pk,
        "branch_unit": branch.unit_id,
        "second_branch": second.pk,
        "span": joint.spans.get().pk,
        "person": person.pk,
        "stranger": stranger.pk,
        "membership": membership.pk,
        "post": post.pk,
        "override": override.pk,
    }


def _programmes(unit: Unit, number: int) -> Ids:
    """A programme with a measure, a target that is missed, a linked case; a statement."""
    until = dt.date(2022, 12, 31)
    programme = programmes.save_programme(
        actor=SYSTEM, unit=unit, name=f"示例工程{number}", since=FOUNDED, until=until
    )
    measure = programmes.save_measure(
        actor=SYSTEM,
        programme=programme,
        text="示例举措",
        owner_unit=unit,
        since=FOUNDED,
        due_on=until,
    )
    target = programmes.set_target(
        actor=SYSTEM,
        measure=measure,
        figure="directory.enterprises",
        comparison=">=",
        value="99",
        since=FOUNDED,
        due_on=until,
    )
    case = casework.raise_problem(actor=SYSTEM, unit=unit, text="示例问题，用于举措。")
    link = programmes.link_case(actor=SYSTEM, measure=measure, case=case)
    indicator = programmes.save_indicator(
        actor=SYSTEM, key=f"example_{number}", name="示例指标", kind="growth", definition="示例口径"
    )
    observation = programmes.observe(
        actor=SYSTEM,
        indicator=indicator,
        unit=unit,
        since=FOUNDED,
        until=until,
        base=Decimal(100),
        current=Decimal(130),
        organisation="示例统计局",
        document="示例公报",
    )
    return {
        "programme": programme.pk,
        "duty": measure.pk,
        "target": target.pk,
        "case_link": link.pk,
        "case_linked": case.code,
        "indicator": indicator.pk,
        "observation": observation.pk,
    }


def _registers(zone: Zone, unit: Unit) -> Ids:
    """The zone's registers, which both have; an entry of the unit; an award's round at its vote."""
    found = registers.Register.objects.filter(key="patents").first()
    patents = found or registers.install(actor=SYSTEM, unit=zone.zone, key="patents")
    entry = registers.record_entry(
        actor=SYSTEM,
        register=patents,
        unit=unit,
        values={"title": "示例专利", "type": "invention"},
        since=FOUNDED,
    )
    round_ = registers.Round.objects.filter(name="示例年度").first() or _award(zone, unit)
    candidacy = round_.candidacies.get()
    begun, reviewed = _begun(round_, unit, "推荐"), _begun(round_, unit, "审核")
    registers.advance(actor=SYSTEM, round_=reviewed)
    return {
        "register": patents.pk,
        "register_column": patents.living[0].pk,
        "register_column:free": _free_column(patents).pk,
        "register_figure": patents.figures.all()[0].pk,
        "register_entry": entry.pk,
        "award": round_.register_id,
        "round": round_.pk,
        "candidacy": candidacy.pk,
        "objection": candidacy.objections.get().pk,
        "round:nominate": begun.pk,
        "candidacy:review": reviewed.candidacies.get().pk,
    }


def _award(zone: Zone, unit: Unit) -> registers.Round:
    families = registers.install(actor=SYSTEM, unit=zone.zone, key="families")
    round_ = registers.open_round(
        actor=SYSTEM, register=families, unit=zone.zone, name="示例年度", notice_days=0
    )
    candidacy = registers.nominate(
        actor=SYSTEM, round_=round_, unit=unit, name="示例赵家", reason="示例"
    )
    registers.advance(actor=SYSTEM, round_=round_)
    candidacy = registers.review(actor=SYSTEM, candidacy=candidacy, passed=True)
    registers.advance(actor=SYSTEM, round_=round_)
    registers.object_to(actor=SYSTEM, candidacy=candidacy, text="示例", by="示例某")
    return registers.advance(actor=SYSTEM, round_=round_)


def _free_column(register: registers.Register) -> registers.Column:
    """A column that nothing else needs."""
    found = register.columns.filter(label="示例备用列").first()
    return found or registers.add_column(
        actor=SYSTEM, register=register, kind="text", label="示例备用列"
    )


def _begun(like: registers.Round, unit: Unit, name: str) -> registers.Round:
    """Another round of the same award, with a candidate of the unit."""
    round_ = registers.open_round(
        actor=SYSTEM, register=like.register, unit=like.unit, name=f"示例{name}{unit.pk}"
    )
    registers.nominate(actor=SYSTEM, round_=round_, unit=unit, name="示例钱家", reason="示例")
    return round_


def _messages(unit: Unit, account: Account) -> Ids:
    notices.tell(accounts=[account], key=f"example:{unit.pk}", text="示例消息", url="/me/")
    robot = notices.add_robot(
        actor=SYSTEM, unit=unit, kind="wecom", name="示例群", address="https://example.org/hook"
    )
    notices.tell_group(robot=robot, key=f"example:{unit.pk}", subject="示例", body="示例")
    notices.Delivery.objects.filter(robot=robot).update(status="failed", tries=6)
    return {
        "notice": notices.Notice.objects.get(key=f"example:{unit.pk}").pk,
        "robot": robot.pk,
        "delivery": notices.Delivery.objects.get(robot=robot).pk,
    }


def _reports(unit: Unit) -> Ids:
    """A draft, and a published report with one number."""
    made = {}
    for kind in ("draft", "report"):
        draft = reports.draft_report(
            actor=SYSTEM, template="annual", unit=unit, since=FOUNDED, until=scope.today()
        )
        text = "现有党员{figure: directory.members}。"
        made[kind] = reports.write_report(actor=SYSTEM, report=draft, title="示例", text=text)
    reports.publish_report(actor=SYSTEM, report=made["report"])
    return {kind: report.pk for kind, report in made.items()}


def _access(unit: Unit, number: int) -> Ids:
    """An account of the unit with a role that can be ended, a token that can be revoked."""
    account = scope.create_account(
        actor=SYSTEM, username=f"example-{number}", name="示例账号", is_service=True
    )
    role = scope.grant_role(actor=SYSTEM, account=account, unit=unit, role="liaison", since=FOUNDED)
    token, _secret = scope.issue_token(
        actor=SYSTEM,
        account=account,
        name="示例",
        expires_on=scope.today() + dt.timedelta(days=30),
    )
    owner = Account.objects.get(username="robot-liaison" if number == 0 else "robot-office")
    with acting(scope.actor_for(owner)) as actor:
        kept = casework.save_filter(actor=actor, name="示例", query="state=raised")
    return {
        "service": account.pk,
        "role": role.pk,
        "api_token": token.pk,
        "filter": kept.pk,
        "entry": account.pk,
    }
