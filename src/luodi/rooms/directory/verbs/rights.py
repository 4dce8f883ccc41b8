"""What a person may ask for (PIPL 45 to 47): a copy, erasure; and opening a masked value."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note
from luodi.ground.scope.api import Actor, today
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.directory import ciphers
from luodi.rooms.directory.models import Person
from luodi.rooms.directory.privacy import FIELDS, MASKED, erasable_on
from luodi.rooms.directory.verbs import checks


@transaction.atomic
def reveal(*, actor: Actor, person: Person, field: str, reason: str) -> str:
    """The plain value of a masked field (`identity` or `phone`); the trail keeps who and why."""
    actor.require("people.reveal", person.unit.path)
    if field not in MASKED:
        raise NotFound(_("没有这一项。"))
    reason = checks.text(reason, "reason", _("请写明查看的理由。"), 200)
    path = person.unit.path
    note("reveal", "directory_person", person.pk, path=path, field=field, reason=reason)
    return ciphers.opened(getattr(person, MASKED[field]))


@transaction.atomic
def export_person(*, actor: Actor, person: Person, reason: str) -> dict[str, Any]:
    """All that the directory holds of a person, in plain, with what each field is for."""
    actor.require("people.reveal", person.unit.path)
    reason = checks.text(reason, "reason", _("请写明导出的理由。"), 200)
    note("export", "directory_person", person.pk, path=person.unit.path, reason=reason)
    return {
        "person": {
            "name": person.name,
            "unit": person.unit.name,
            "sex": person.get_sex_display(),
            "born_on": person.born_on,
            "education": person.get_education_display(),
            "identity": ciphers.opened(person.identity_cipher),
            "phone": ciphers.opened(person.phone_cipher),
        },
        "memberships": [
            {"branch": row.branch.unit.name, "stage": row.get_stage_display(), **_dates(row)}
            for row in person.memberships.select_related("branch__unit").order_by("valid", "known")
        ],
        "posts": [
            {"unit": row.unit.name, "post": row.get_kind_display(), "title": row.title}
            | _dates(row)
            for row in person.posts.select_related("unit").order_by("valid", "known")
        ],
        "purposes": [
            {
                "field": str(one.label),
                "purpose": str(one.purpose),
                "basis": str(one.basis),
                "retention": str(one.retention),
            }
            for one in FIELDS
            if one.model != "Enterprise"
        ],
    }


def as_json(copy: dict[str, Any]) -> bytes:
    """The copy as a file that a person, and a program, can read."""
    return json.dumps(copy, ensure_ascii=False, indent=2, default=str).encode()


def _dates(row: Any) -> dict[str, Any]:
    return {
        "from": row.valid.lower,
        "until": row.valid.upper,
        "known_from": row.known.lower,
        "known_until": row.known.upper,
    }


def may_erase_on(person: Person) -> dt.date | None:
    """The first day on which the person may be erased; None while a tie has no end."""
    ends = [
        row.valid.upper
        for rows in (person.memberships.known(), person.posts.known())
        for row in rows
    ]
    if any(end is None for end in ends):
        return None
    return erasable_on(max(ends)) if ends else dt.date.min


@transaction.atomic
def erase_person(*, actor: Actor, person: Person, reason: str) -> Person:
    """Removes a person's values when their time has run out; rows, dates and counts stay.

    Ages of past days can no longer be computed with this person: the day of birth goes too.
    """
    row = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    actor.require("people.reveal", row.unit.path)
    reason = checks.text(reason, "reason", _("请写明清除的理由。"), 200)
    day = may_erase_on(row)
    if day is None:
        raise UserError(_("这个人还有未结束的党员关系或职务，不能清除。"))
    if day > today():
        raise UserError(_("保存期未满，%(day)s起才可以清除。") % {"day": day})
    row.name, row.sort_key, row.spelling = _("（已清除）"), "", ""
    row.sex = row.education = row.identity_cipher = row.phone_cipher = ""
    row.born_on = row.identity_hash = row.account = None
    row.erased_at = timezone.now()
    row.version += 1
    row.save()
    note("erase", "directory_person", row.pk, path=row.unit.path, reason=reason)
    return row
