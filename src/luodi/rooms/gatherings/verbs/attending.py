"""Who is invited, answers, comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Choice, Text, verb
from luodi.ground.scope.api import Account, Actor, unchanged
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings import inviting
from luodi.rooms.gatherings.models import Answer, Attendance, Gathering, Presence, State
from luodi.rooms.gatherings.people import expected_at
from luodi.rooms.gatherings.verbs.checks import WRITE, fresh, line, not_cancelled, unsigned

MOST_INVITED = 500
STATES = tuple((one.value, one.label) for one in Presence)


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def invite(
    *,
    actor: Actor,
    gathering: Gathering,
    persons: Sequence[Person] = (),
    accounts: Sequence[Account] = (),
    guests: Sequence[str] = (),
    at: dt.datetime | None = None,
) -> list[Attendance]:
    """Invites people beside those expected: of the directory, accounts of other units, guests by name
    (`name` or `name（unit）`). Who is there already stays as they are; those with an account are told."""
    gathering = fresh(gathering)
    not_cancelled(gathering)
    unsigned(gathering)
    at = at or timezone.now()
    known = gathering.people.values_list("person_id", "account_id", "guest")
    there = {(person, account, guest) for person, account, guest in known}
    made = [
        *(Attendance(gathering=gathering, person=one, account_id=one.account_id, by_rule=False)
          for one in persons if not any(one.pk == p for p, _a, _g in there)),
        *(Attendance(gathering=gathering, account=one, by_rule=False)
          for one in accounts if not any(one.pk == a for _p, a, _g in there)),
    ]  # fmt: skip
    for guest in guests:
        name, _bracket, of = line(guest, "guests", 120).removesuffix("）").partition("（")
        if name and not any(name[:60] == g for _p, _a, g in there):
            made.append(
                Attendance(gathering=gathering, guest=name[:60], guest_of=of[:60], by_rule=False)
            )
    if len(there) + len(made) > MOST_INVITED:
        raise UserError(_("最多邀请 %(most)s 人。") % {"most": MOST_INVITED})
    if gathering.state == State.HELD:
        for one in made:
            one.state = Presence.CAME
    found = Attendance.objects.bulk_create(made)
    if gathering.starts_at > at:
        inviting.invite_expected(gathering, at=at, but=actor.account_id)
    return found


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def uninvite(*, actor: Actor, gathering: Gathering, attendance: Attendance) -> None:
    """Takes somebody off who was invited by name; who is expected by rule stays."""
    unsigned(gathering)
    if attendance.gathering_id != gathering.pk or attendance.by_rule:
        raise UserError(_("按规定应到的人不能移除。"))
    attendance.delete()


@verb()
@transaction.atomic
def answer_invitation(
    *,
    actor: Actor,
    gathering: Gathering,
    answer: Annotated[str, Choice(gettext_lazy("答复"), choices=tuple(Answer.choices[1:]))],
    reason: Annotated[str, Text(gettext_lazy("事由"), most=100)] = "",
    at: dt.datetime | None = None,
) -> Attendance:
    """Says for oneself whether one comes; who cannot, may say why. Until it begins.

    Raises NotAllowed for who is neither expected nor invited.
    """
    gathering = fresh(gathering)
    not_cancelled(gathering)
    if gathering.starts_at <= (at or timezone.now()):
        raise UserError(_("活动已经开始，请直接和记录人说。"))
    mine = gathering.people.filter(account_id=actor.account_id).first()
    if mine is None:
        me = expected_at(gathering).filter(account_id=actor.account_id).first()
        if me is None or not actor.account_id:
            raise NotAllowed(_("您不在这次活动的邀请名单里。"))
        mine = Attendance(gathering=gathering, person=me, account_id=actor.account_id)
    mine.answer, mine.reason = answer, line(reason, "reason", 100)
    mine.save()
    return mine


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def record_attendance(
    *,
    actor: Actor,
    gathering: Gathering,
    exceptions: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
    guests: Sequence[str] = (),
    others: Mapping[int, str] | None = None,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Gathering:
    """Records who came: everybody, but for the exceptions.

    exceptions: by the number of a person, `late`, `excused` or `absent`; reasons: why one was
    excused; others: the same by the number of an attendance, for those without a person. Who has said
    that they cannot come is excused. Guests by name are added. The gathering is held by that.

    Raises UserError before the day, for a cancelled one, after its minutes are signed, for somebody
    who is not expected; Stale where it is no longer at `version`.
    """
    at = at or timezone.now()
    unchanged(gathering, version, "state", "recorded_at")
    row = fresh(gathering)
    not_cancelled(row)
    unsigned(row)
    if row.on > timezone.localdate(at):
        raise UserError(_("活动还没有开始，到当天再登记出席。"))
    said, why = dict(exceptions or {}), dict(reasons or {})
    apart = dict(others or {})
    known = list(row.people.all())
    people = dict(expected_at(row).values_list("pk", "account_id"))
    there = {one.person_id for one in known if one.person_id}
    if strange := set(said) - set(people) - there:
        raise UserError(_("名单里没有这些人（%(count)s 人）。") % {"count": len(strange)})
    _states([*said.values(), *apart.values()])
    changed = []
    for one in known:
        given = said.get(one.person_id) if one.person_id else apart.get(one.pk)
        usual = Presence.EXCUSED if one.answer == Answer.NO else Presence.CAME
        before = (one.state, one.reason)
        one.state = given or usual
        if one.person_id in why:
            one.reason = line(why[one.person_id], "reason", 100)
        if (one.state, one.reason) != before:
            changed.append(one)
    Attendance.objects.bulk_update(changed, ["state", "reason"])
    unlisted = [
        Attendance(
            gathering=row,
            person_id=pk,
            account_id=account,
            state=said.get(pk, Presence.CAME),
            reason=line(why.get(pk, ""), "reason", 100),
        )
        for pk, account in people.items()
        if pk not in there
    ]
    Attendance.objects.bulk_create(unlisted)
    row.state, row.recorded_at = State.HELD, row.recorded_at or at
    row.save(update_fields=["state", "recorded_at"])
    if guests:
        invite(actor=actor, gathering=row, guests=guests, at=at)
    row.refresh_from_db()
    return row


def _states(given: Sequence[str]) -> None:
    if any(one not in Presence.values for one in given):
        raise UserError(_("出席情况只有：到会、迟到、请假、缺席。"))
