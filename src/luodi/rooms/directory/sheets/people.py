"""People in and out of Excel; a row is found again by its identity number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch, TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note
from luodi.ground.scope.api import Actor, Unit, today
from luodi.lib.codes import example_identity, validate_identity, validate_mobile
from luodi.lib.errors import UserError
from luodi.lib.excel import Choice, Column, Kind, Row, Sheet, export
from luodi.lib.sentences import Sentence
from luodi.rooms.directory import ciphers
from luodi.rooms.directory.models import (
    Branch,
    Education,
    Membership,
    Person,
    Sex,
    Stage,
    Standing,
)
from luodi.rooms.directory.sheets.running import (
    BATCH,
    Counts,
    Outcome,
    Problems,
    current_language,
    run,
)
from luodi.rooms.directory.verbs import checks
from luodi.rooms.directory.verbs.dating import moment, period
from luodi.rooms.directory.verbs.people import UNCHANGED, fill

PERSONAL = ("name", "sex", "born_on", "education")
UPDATED = [
    "unit", "name", "sort_key", "spelling", "sex", "born_on", "education", "phone_cipher",
    "version",
]  # fmt: skip


def choices(kind: type[TextChoices]) -> tuple[Choice, ...]:
    labels = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            labels.append([str(label) for label in kind.labels])
    return tuple(Choice(*one) for one in zip(kind.values, *labels, strict=True))


@lru_cache(maxsize=1)
def sheet() -> Sheet:
    born_on = dt.date(1985, 6, 1)
    return Sheet(
        "人员",
        "People",
        (
            Column("name", "姓名", "Name", required=True, example="示例张三"),
            Column(
                "identity", "身份证号", "Identity number", Kind.CODE, required=True,
                parse=validate_identity, example=example_identity(1, born_on), width=22,
                help=Sentence("再次导入时按它找到同一个人。", "Finds the same person again."),
            ),
            Column("sex", "性别", "Sex", Kind.CHOICE, choices=choices(Sex)),
            Column("born_on", "出生日期", "Born on", Kind.DATE),
            Column("phone", "手机号", "Mobile", Kind.CODE, parse=validate_mobile),
            Column("education", "学历", "Education", Kind.CHOICE, choices=choices(Education)),
            Column("unit", "所在单位", "Unit", required=True, example="示例企业", width=28),
            Column(
                "branch", "党组织", "Party organisation", width=28, example="示例企业党支部",
                help=Sentence("与阶段、起始日期一起填，或都不填。", "With stage and date, or none."),
            ),
            Column("stage", "阶段", "Stage", Kind.CHOICE, choices=choices(Stage)),
            Column("since", "阶段起始日期", "Stage since", Kind.DATE),
        ),
    )  # fmt: skip


@dataclass(slots=True)
class Plan:
    """What is to be written of one good row."""

    person: Person
    changed: bool
    membership: Membership | None


class People:
    """Checks and writes batches of people for one actor."""

    def __init__(self, actor: Actor, at: dt.datetime | None) -> None:
        actor.require("imports.run")
        self.actor, self.at, self.sheet = actor, moment(at), sheet()
        self.subject = ("directory_person", "")
        self.counts, self.plans = Counts(), list[Plan]()
        self.seen: dict[str, int] = {}
        self.units: dict[str, list[Unit]] = defaultdict(list)
        for unit in Unit.objects.open():
            if actor.may("people.write", unit.path):
                self.units[unit.name].append(unit)
        self.branches: dict[str, list[Branch]] = defaultdict(list)
        for branch in Branch.objects.select_related("unit").filter(unit__closed_on=None):
            if actor.may("people.write", branch.unit.path):
                self.branches[branch.unit.name].append(branch)
        self.standing: dict[int, list[Any]] = defaultdict(list)
        for row in Standing.objects.known().only("branch_id", "valid"):
            self.standing[row.branch_id].append(row.valid)

    def check(self, batch: Sequence[Row]) -> list[Row]:
        numbers = {row.number: str(row.values.get("identity") or "") for row in batch}
        hashes = {row: ciphers.lookup(number) for row, number in numbers.items() if number}
        current = {
            known: hashes[row]
            for row, number in numbers.items()
            if number
            for known in ciphers.lookups(number)
        }
        known = Membership.objects.known()
        found = Person.objects.filter(identity_hash__in=[*current]).select_related("unit")
        people = {
            current[str(one.identity_hash)]: one
            for one in found.prefetch_related(Prefetch("memberships", known, to_attr="ties"))
        }
        self.plans = []
        return [self._row(row, hashes.get(row.number), people) for row in batch]

    def _row(self, row: Row, hashed: str | None, people: Mapping[str | None, Person]) -> Row:
        if row.problems or hashed is None:
            return row
        problems = Problems(self.sheet, row)
        if hashed in self.seen:
            first = self.seen[hashed]
            problems.add(
                "identity",
                f"与第 {first} 行重复。",
                f"The same as in row {first}.",
                Sentence("", ""),
            )
            return problems.done()
        self.seen[hashed] = row.number
        unit = self._one(problems, "unit", self.units)
        person = people.get(hashed) or Person()
        changed = self._person(problems, person, unit)
        membership = self._membership(problems, person)
        if not problems.found:
            self.plans.append(Plan(person, changed, membership))
            if person._state.adding:
                self.counts.created += 1
            elif changed or membership is not None:
                self.counts.updated += 1
            else:
                self.counts.unchanged += 1
        return problems.done()

    def _one(self, problems: Problems, key: str, among: dict[str, list[Any]]) -> Any:
        """The only record of the name in the cell; None with a problem noted."""
        name = str(problems.row.values[key])
        found = among.get(name, [])
        if not found:
            problems.add(
                key, "没有这个名称，或不在您的权限内。", "No such name, or outside your reach.",
                Sentence("请填写系统中的全称。", "Enter the full name as in the system."),
            )  # fmt: skip
        elif len(found) > 1:
            problems.add(
                key, "有多个同名的，无法确定是哪一个。", "Several have this name.",
                Sentence("请逐人登记。", "Enter this person on the page."),
            )  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _person(self, problems: Problems, person: Person, unit: Unit | None) -> bool:
        """Fills the person; whether anything differs from what is there. Blank cells say nothing."""
        values, before = problems.row.values, _stand(person)
        if person.pk and not self.actor.may("people.write", person.unit.path):
            problems.add(
                "identity", "这个人由其他单位登记，您不能更改。", "Kept by another unit.",
                Sentence("请联系该单位。", "Ask that unit."),
            )  # fmt: skip
        if unit is not None:
            person.unit = unit
        phone = str(values["phone"] or "")
        known = ciphers.opened(person.phone_cipher)
        try:
            fill(
                person,
                name=str(values["name"]),
                sex=str(values["sex"] or person.sex),
                born_on=values["born_on"] or person.born_on,  # type: ignore[arg-type]
                identity=UNCHANGED if person.pk else str(values["identity"]),
                phone=phone if phone and phone != known else UNCHANGED,
                education=str(values["education"] or person.education),
            )
        except UserError as error:
            problems.refuse(error, {name: name for name in PERSONAL}, "identity")
        return _stand(person) != before

    def _membership(self, problems: Problems, person: Person) -> Membership | None:
        values = problems.row.values
        filled = [key for key in ("branch", "stage", "since") if values[key]]
        if not filled:
            return None
        for key in ("branch", "stage", "since"):
            if key not in filled:
                problems.add(key, "填了党组织、阶段、日期之一，三项都要填。", "Fill all three.")
        if len(filled) < 3:
            return None
        branch = self._one(problems, "branch", self.branches)
        if branch is None:
            return None
        stage, since = str(values["stage"]), values["since"]
        if not isinstance(since, dt.date):
            return None
        try:
            valid = period(since)
        except UserError as error:
            problems.refuse(error, {}, "since")
            return None
        ties = getattr(person, "ties", []) if person.pk else []
        current = [tie for tie in ties if tie.is_open]
        if any((tie.branch_id, tie.stage) == (branch.pk, stage) for tie in current):
            return None
        if current or any(tie.until > since for tie in ties if tie.until):
            problems.add(
                "stage", "这个人已有组织关系，与这一行不同。", "Already belongs elsewhere or otherwise.",
                Sentence("请在人员页办理转接或培养。", "Transfer or advance on the person's page."),
            )  # fmt: skip
        if not any(since in span for span in self.standing[branch.pk]):
            problems.add(
                "since",
                "这一天该党组织还未成立或已撤销。",
                "The organisation was not there that day.",
            )
        return Membership(branch=branch, stage=stage, valid=valid)

    def write(self) -> None:
        new = [plan.person for plan in self.plans if plan.person._state.adding]
        changed = [
            plan.person for plan in self.plans if plan.changed and not plan.person._state.adding
        ]
        for person in changed:
            person.version += 1
        try:
            with transaction.atomic():
                Person.objects.bulk_create(new, batch_size=BATCH)
                Person.objects.bulk_update(changed, UPDATED, batch_size=500)
        except IntegrityError:
            raise UserError(
                _(
                    "有身份证号不能在这里登记，整个文件没有写入。请逐人核对；无误的话，请联系园区办公室办理。"
                )
            ) from None
        ties = [plan.membership for plan in self.plans if plan.membership is not None]
        for plan in self.plans:
            if plan.membership is not None:
                plan.membership.person = plan.person
                plan.membership.known = DateTimeTZRange(self.at, None)
        Membership.objects.bulk_create(ties, batch_size=BATCH)


def _stand(person: Person) -> tuple[object, ...]:
    return tuple(getattr(person, name) for name in (*PERSONAL, "unit_id", "phone_cipher"))


def import_people(
    *,
    actor: Actor,
    path: Path,
    dry_run: bool,
    at: dt.datetime | None = None,
) -> Outcome:
    """Reads a workbook of people: a dry run, or all rows written in one transaction.

    A person is found again by the identity number; blank cells change nothing. Memberships are
    opened for who has none; changes of them are not made by import.
    """
    return run(People(actor, at), path, dry_run=dry_run)


def export_people(*, actor: Actor, reason: str, stream: IO[bytes]) -> int:
    """Writes the people the actor keeps, in plain, as a sheet that can be imported again."""
    actor.require("people.reveal")
    reason = checks.text(reason, "reason", _("请写明导出的理由。"), 200)
    count = export(sheet(), _exported(actor), stream, language=current_language())
    note("export", "directory_person", reason=reason, rows=count)
    return count


def _exported(actor: Actor) -> Iterator[dict[str, object]]:
    current = Membership.objects.on(today()).select_related("branch__unit")
    rows = Person.objects.filter(erased_at=None).select_related("unit")
    rows = rows.prefetch_related(Prefetch("memberships", current, to_attr="ties"))
    for person in rows.order_by("sort_key", "id").iterator(chunk_size=BATCH):
        if not actor.may("people.reveal", person.unit.path):
            continue
        tie = next(iter(person.ties), None)
        yield {
            **{name: getattr(person, name) for name in PERSONAL},
            "identity": ciphers.opened(person.identity_cipher),
            "phone": ciphers.opened(person.phone_cipher),
            "unit": person.unit.name,
            "branch": tie.branch.unit.name if tie else "",
            "stage": tie.stage if tie else "",
            "since": tie.since if tie else None,
        }
