"""People in and out of Excel; a row is found again by its identity number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch, TextChoices
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.audit.api import note
from luodi.ground.imports.api import BATCH, Importer, Line, Names, current_language, units_named
from luodi.ground.scope.api import Actor, Unit, today
from luodi.lib.codes import example_identity, mask_phone, validate_document, validate_mobile
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
                parse=validate_document, example=example_identity(1, born_on), width=22,
                help=Sentence(
                    "也可填护照、通行证号。再次导入时按它找到同一个人。",
                    "Or a passport's or permit's. Finds the same person again.",
                ),
                synonyms=("身份证号码", "公民身份号码", "身份证", "证件号码", "证件号", "护照号", "护照号码"),
            ),
            Column("sex", "性别", "Sex", Kind.CHOICE, choices=choices(Sex)),
            Column("born_on", "出生日期", "Born on", Kind.DATE),
            Column("phone", "手机号", "Mobile", Kind.CODE, parse=validate_mobile,
                   synonyms=("手机", "手机号码", "联系电话", "电话")),
            Column("education", "学历", "Education", Kind.CHOICE, choices=choices(Education)),
            Column("unit", "所在单位", "Unit", required=True, example="示例企业", width=28,
                   synonyms=("单位", "工作单位", "单位名称", "企业", "企业名称")),
            Column(
                "branch", "党组织", "Party organisation", width=28, example="示例企业党支部",
                help=Sentence("与阶段、起始日期一起填，或都不填。", "With stage and date, or none."),
            ),
            Column("stage", "阶段", "Stage", Kind.CHOICE, choices=choices(Stage)),
            Column("since", "阶段起始日期", "Stage since", Kind.DATE),
        ),
    )  # fmt: skip


MISSING = ("没有这个名称，或不在您的权限内。", "No such name, or outside your reach.")


@dataclass(slots=True)
class Plan:
    """What is to be written of one good row."""

    person: Person
    changed: bool
    membership: Membership | None


class People(Importer):
    """Checks and writes batches of people for one actor.

    A person is found again by the identity number; blank cells change nothing. Memberships are
    opened for who has none; changes of them are not made by import.
    """

    title = gettext_lazy("人员")
    updates = gettext_lazy("再次上传时按身份证号更新同一个人，空白的格子不改动。")
    subject = ("directory_person", "")
    key = "identity"
    beside = "directory/export.html"

    def __init__(self, actor: Actor, which: str = "", at: dt.datetime | None = None) -> None:
        super().__init__(actor)
        actor.require("imports.run")
        self.at, self.sheet, self.back = moment(at), sheet(), reverse("directory:people")
        self.seen: dict[str, int] = {}

    def begin(self) -> None:
        may, open_ = self.actor.may, Unit.objects.open()
        self.units = units_named(one for one in open_ if may("people.write", one.path))
        branches = Branch.objects.select_related("unit").filter(unit__closed_on=None)
        self.branches: Names[Branch] = Names(
            (one.unit, one) for one in branches if may("people.write", one.unit.path)
        )
        self.standing: dict[int, list[Any]] = defaultdict(list)
        for row in Standing.objects.known().only("branch_id", "valid"):
            self.standing[row.branch_id].append(row.valid)

    def prepare(self, rows: Sequence[Row]) -> None:
        numbers = [str(row.values["identity"]) for row in rows]
        self.hashes = {number: str(ciphers.lookup(number)) for number in numbers}
        current = {
            one: hashed for number, hashed in self.hashes.items() for one in ciphers.lookups(number)
        }
        known = Membership.objects.known()
        found = Person.objects.filter(identity_hash__in=[*current]).select_related("unit")
        self.people = {
            current[str(one.identity_hash)]: one
            for one in found.prefetch_related(Prefetch("memberships", known, to_attr="ties"))
        }

    def take(self, line: Line) -> None:
        hashed = self.hashes[str(line.values["identity"])]
        if first := self.seen.get(hashed):
            return line.same_as(first, "identity")
        self.seen[hashed] = line.row.number
        unit = self.units.find(line, "unit", *MISSING)
        person = self.people.get(hashed) or Person()
        if person.pk and unit is not None:
            self._compare(line, person, unit)
        changed = self._person(line, person, unit)
        membership = self._membership(line, person)
        line.more = membership is not None
        line.plan = Plan(person, changed, membership)
        return None

    def _compare(self, line: Line, person: Person, unit: Unit) -> None:
        line.values["unit"] = unit.name
        before: dict[str, object] = {name: getattr(person, name) for name in PERSONAL}
        before |= {"unit": person.unit.name, "phone": ciphers.opened(person.phone_cipher)}
        self.compare(line, person, before, {"phone": mask_phone})

    def _person(self, line: Line, person: Person, unit: Unit | None) -> bool:
        """Fills the person; whether anything differs from what is there. Blank cells say nothing."""
        values, before = line.values, _stand(person)
        if person.pk and not self.actor.may("people.write", person.unit.path):
            line.problem(
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
                born_on=values["born_on"] or person.born_on,
                identity=UNCHANGED if person.pk else str(values["identity"]),
                phone=phone if phone and phone != known else UNCHANGED,
                education=str(values["education"] or person.education),
            )
        except UserError as error:
            line.refuse(error, "identity")
        return _stand(person) != before

    def _membership(self, line: Line, person: Person) -> Membership | None:
        values = line.values
        filled = [key for key in ("branch", "stage", "since") if values[key]]
        if not filled:
            return None
        for key in ("branch", "stage", "since"):
            if key not in filled:
                line.problem(key, "填了党组织、阶段、日期之一，三项都要填。", "Fill all three.")
        if len(filled) < 3:
            return None
        branch = self.branches.find(line, "branch", *MISSING)
        if branch is None:
            return None
        stage, since = str(values["stage"]), values["since"]
        if not isinstance(since, dt.date):
            return None
        try:
            valid = period(since)
        except UserError as error:
            line.refuse(error, "since")
            return None
        ties = getattr(person, "ties", []) if person.pk else []
        current = [tie for tie in ties if tie.is_open]
        if any((tie.branch_id, tie.stage) == (branch.pk, stage) for tie in current):
            return None
        if current or any(tie.until > since for tie in ties if tie.until):
            line.problem(
                "stage", "这个人已有组织关系，与这一行不同。", "Already belongs elsewhere or otherwise.",
                Sentence("请在人员页办理转接或培养。", "Transfer or advance on the person's page."),
            )  # fmt: skip
        if not any(since in span for span in self.standing[branch.pk]):
            line.problem(
                "since",
                "这一天该党组织还未成立或已撤销。",
                "The organisation was not there that day.",
            )
        return Membership(branch=branch, stage=stage, valid=valid)

    def write(self, lines: Sequence[Line]) -> None:
        plans: list[Plan] = [line.plan for line in lines]
        new = [plan.person for plan in plans if plan.person._state.adding]
        changed = [plan.person for plan in plans if plan.changed and not plan.person._state.adding]
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
        ties = [plan.membership for plan in plans if plan.membership is not None]
        for plan in plans:
            if plan.membership is not None:
                plan.membership.person = plan.person
                plan.membership.known = DateTimeTZRange(self.at, None)
        Membership.objects.bulk_create(ties, batch_size=BATCH)


def _stand(person: Person) -> tuple[object, ...]:
    return tuple(getattr(person, name) for name in (*PERSONAL, "unit_id", "phone_cipher"))


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
