"""People: entered, changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Account, Actor, Unit, today
from luodi.lib import codes
from luodi.lib.chinese import pinyin_key
from luodi.lib.errors import UserError
from luodi.rooms.directory import ciphers
from luodi.rooms.directory.models import Education, Person, Sex
from luodi.rooms.directory.verbs import checks

UNCHANGED = "\x00"


@transaction.atomic
def add_person(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    sex: str = "",
    born_on: dt.date | None = None,
    identity: str = "",
    phone: str = "",
    education: str = "",
    account: Account | None = None,
) -> Person:
    """Enters a person whose record the unit keeps.

    `identity` is the citizen's identity number (GB 11643-1999): it gives sex and day of birth
    where they are not given, and must agree with them where they are; or a passport's or permit's.
    """
    actor.require("people.write", unit.path)
    person = Person(unit=unit, account=account)
    fill(
        person,
        name=name,
        sex=sex,
        born_on=born_on,
        identity=identity,
        phone=phone,
        education=education,
    )
    return saved(person)


@transaction.atomic
def change_person(
    *,
    actor: Actor,
    person: Person,
    version: int | None = None,
    unit: Unit | None = None,
    name: str | None = None,
    sex: str | None = None,
    born_on: dt.date | None = None,
    identity: str = UNCHANGED,
    phone: str = UNCHANGED,
    education: str | None = None,
) -> Person:
    """Changes or corrects what is given. A page that does not know the masked values leaves
    `identity` and `phone` out; an empty text removes them."""
    row = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    actor.require("people.write", row.unit.path)
    if row.erased_at is not None:
        raise UserError(_("这个人的个人信息已按期清除，不能再改。"))
    checks.same_version(row, version)
    if unit is not None and unit.pk != row.unit_id:
        actor.require("people.write", unit.path)
        row.unit = unit
    fill(
        row,
        name=row.name if name is None else name,
        sex=row.sex if sex is None else sex,
        born_on=row.born_on if born_on is None else born_on,
        identity=identity,
        phone=phone,
        education=row.education if education is None else education,
    )
    row.version += 1
    return saved(row)


def fill(
    person: Person,
    *,
    name: str,
    sex: str,
    born_on: dt.date | None,
    identity: str,
    phone: str,
    education: str,
) -> None:
    """Puts checked values into a person, unsaved. Raises UserError with the field concerned."""
    name = checks.text(name, "name", _("请填写姓名。"))
    if name != person.name:
        person.name, person.sort_key = name, pinyin_key(name, person=True)[:200]
        person.spelling = spelling(person.sort_key)[:200]
    person.sex = _choice(sex, Sex.values, "sex", _("性别应为男或女。"))
    person.born_on = checks.birthday(born_on, today())
    person.education = _choice(
        education, Education.values, "education", _("学历不在可选的范围内。")
    )
    if identity == UNCHANGED:
        _agree(person, ciphers.opened(person.identity_cipher))
    else:
        number = _if_given(codes.validate_document, identity, "identity")
        _agree(person, number)
        person.identity_cipher = ciphers.sealed(number)
        person.identity_hash = ciphers.lookup(number)
    if phone != UNCHANGED:
        person.phone_cipher = ciphers.sealed(_if_given(codes.validate_mobile, phone, "phone"))


def spelling(sort_key: str) -> str:
    """What a name is searched by: its syllables in one, and their initials (`zhangsan zs`)."""
    syllables = re.findall(r"([a-z]+)[1-5]", sort_key)
    return "".join(syllables) + " " + "".join(one[0] for one in syllables)


def _if_given(check: Callable[[str], str], value: str, field: str) -> str:
    return checks.code(check, value, field) if value.strip() else ""


def _choice(value: str, allowed: list[str], field: str, wrong: str) -> str:
    if value and value not in allowed:
        raise UserError(wrong, field)
    return value


def _agree(person: Person, number: str) -> None:
    """Takes day of birth and sex from the number, or refuses those that differ from it."""
    if not codes.is_identity(number):  # nothing, or a passport or permit
        return
    born_on, sex = codes.birth_date(number), codes.sex(number)
    if person.born_on is not None and person.born_on != born_on:
        raise UserError(_("出生日期与身份证号中的%(day)s不一致。") % {"day": born_on}, "born_on")
    if person.sex and person.sex != sex:
        raise UserError(_("性别与身份证号不一致。"), "sex")
    person.born_on, person.sex = born_on, sex


def saved(person: Person) -> Person:
    """Writes a person. Raises UserError where the identity number, or the account, has another."""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as problem:
        if "account" in str(problem):
            raise UserError(_("这个账号已属于另一个人。"), "account") from None
        raise UserError(_taken(person), "identity") from None
    return person


def _taken(person: Person) -> str:
    """Who has the number, of those whom the reader may see; of others not even that they exist."""
    known = Person.objects.filter(identity_hash=person.identity_hash).select_related("unit").first()
    if known is None:
        return _("这个身份证号不能在这里登记。请逐位核对；无误的话，请联系园区办公室办理。")
    return _("这个身份证号已登记：%(name)s（%(unit)s）。") % {"name": known, "unit": known.unit}
