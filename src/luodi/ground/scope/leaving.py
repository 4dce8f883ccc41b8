"""What is left behind by who goes, and how it is handed on: nothing is owned by who is not there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor, acting, unbounded
from luodi.ground.scope.models import Account
from luodi.ground.scope.who import today
from luodi.lib.errors import NotAllowed, UserError
from luodi.manifest import Belonging, Heir, Hit, Owner, Text, manifests

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Left:
    """One kind of things that are left: how many, and those of them that the reader may see.

    `decided`: whether each is decided upon its own page, and nothing moves by itself.
    """

    label: Text
    count: int
    rows: list[Hit]
    more: str = ""
    decided: bool = False


def belongings() -> list[Belonging]:
    """The kinds of things that somebody answers for, in the order of the settings."""
    return [one for manifest in manifests() for one in manifest.belongings]


def left_behind(actor: Actor, *owners: Owner) -> list[Left]:
    """What the owners answer for, each kind once: all is counted, and shown as far as one may see it.

    Who administers accounts sees no rows, and must know how many there are.
    """
    with acting(unbounded(actor)):
        counts = [sum(one.of(owner).count() for owner in owners) for one in belongings()]
    return [
        Left(
            one.label,
            count,
            [one.line(row) for owner in owners for row in one.of(owner)[:SHOWN]][:SHOWN],
            one.more(owners[0]),
            one.hand_to is None,
        )
        for one, count in zip(belongings(), counts, strict=True)
        if count
    ]


def hand_on(*, actor: Actor, owner: Owner, heir: Heir, why: str) -> int:
    """Hands all that an owner answers for on; how many things. The caller has asked who may.

    Every thing has its own entry in the history and in the trail, with the actor and the reason.
    """
    check_heir(owner, heir)
    moved = 0
    with acting(unbounded(actor), why):
        for one in belongings():
            if one.hand_to is not None:
                for row in list(one.of(owner)):
                    one.hand_to(actor=unbounded(actor), row=row, heir=heir, why=why)
                    moved += 1
    return moved


def take_over(*, actor: Actor, owner: Owner, heir: Heir, why: str) -> tuple[int, int]:
    """Hands on, of what an account answers for, what the actor sees and may hand on.

    Returns how many things were, and how many were not.
    """
    actor.require("belongings.hand_on")
    check_heir(owner, heir)
    moved = refused = 0
    for one in belongings():
        for row in list(one.of(owner)) if one.hand_to is not None else ():
            try:
                one.hand_to(actor=actor, row=row, heir=heir, why=why)  # type: ignore[misc]
                moved += 1
            except NotAllowed:
                refused += 1
    return moved, refused


def adrift(on: dt.date | None = None) -> list[Left]:
    """What is owned by nobody who is there, as far as the reader may see it."""
    found = [(one, one.adrift(on or today())) for one in belongings()]
    return [
        Left(one.label, count, [one.line(row) for row in rows[:SHOWN]], decided=one.hand_to is None)
        for one, rows in found
        if (count := rows.count())
    ]


def settle(*, actor: Actor, why: str) -> int:
    """Hands what is owned by nobody who is there to the queues of the units concerned; how many."""
    actor.require("belongings.hand_on")
    moved = 0
    for one in belongings():
        for row in list(one.adrift(today())) if one.hand_to is not None else ():
            one.hand_to(actor=actor, row=row, heir=Heir(), why=why)  # type: ignore[misc]
            moved += 1
    return moved


def check_heir(owner: Owner, heir: Heir) -> None:
    """Raises UserError where the heir is who goes, or is not there."""
    account: Account | None = heir.account
    if account is not None:
        if owner.account is not None and account.pk == owner.account.pk:
            raise UserError(_("请选择另一个人接手。"), "heir")
        held = account.roles.on(today()).filter(unit__closed_on=None)
        if not account.is_active or not held.exists():
            raise UserError(_("%(name)s 现在不在岗，不能接手。") % {"name": account}, "heir")
    if heir.unit is not None and heir.unit.closed_on is not None:
        raise UserError(_("“%(unit)s”已经撤销。") % {"unit": heir.unit}, "heir")
