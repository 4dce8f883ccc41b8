"""Who is to be trained: put on the list, dropped, placed by hand; a cohort finishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.evidence.api import File, attach
from luodi.ground.records.api import Choice, Files, Number, Reason, Text, UnitOf, verb
from luodi.ground.scope.api import Actor, Unit, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.classes.models import LEVELS, Certificate, Cohort, Course, Trainee, new_code
from luodi.rooms.directory.api import Person

SEND, WRITE = "classes.send", "classes.write"
COURSE = "classes_course"
MOST = 2000  # people put on a list in one step
Sender = Annotated[Unit, UnitOf(_("选送单位"), permission=SEND)]
LEVEL = Choice(_("层级"), choices=tuple(LEVELS.items()))
URGENCY = Number(_("紧迫程度"), least=1, most=5, help=_("1 到 5，越大越先安排。"))
AWAY = Text(
    _("不便日期"),
    most=200,
    help=_("例如 2022-12-05~2022-12-09，几段之间用空格；不填为都可以。"),
)


@verb(permission=SEND, on="unit")
@transaction.atomic
def enrol(
    *,
    actor: Actor,
    course: Course,
    unit: Sender,
    level: Annotated[str, LEVEL] = "staff",
    urgency: Annotated[int, URGENCY] = 1,
    persons: Sequence[Person] | None = None,
    away: Annotated[str, AWAY] = "",
    at: dt.datetime | None = None,
) -> int:
    """Puts people of a unit on a course's list: those named, or all whose record the unit keeps.

    Who is on it already stays as they are; who was dropped comes back. Returns how many were added.
    """
    if not unit.path.startswith(course.path):
        raise UserError(
            gettext("这门课程只面向“%(unit)s”和它的下级。") % {"unit": course.unit}, "unit"
        )
    if course.closed_on:
        raise UserError(gettext("这门课程已经停用。"))
    spans = spans_of(away)
    day = timezone.localdate(at)
    wanted = list(
        Person.objects.filter(unit=unit, erased_at=None)[: MOST + 1] if persons is None else persons
    )
    if len(wanted) > MOST:
        raise UserError(gettext("一次最多列入 %(most)s 人。") % {"most": MOST})
    if any(one.unit_id != unit.pk for one in wanted):
        raise UserError(gettext("只能列入本单位的人员。"), "persons")
    known = {one.person_id: one for one in Trainee.objects.filter(course=course, person__in=wanted)}
    back = [one for one in known.values() if one.dropped_on]
    for one in back:
        one.dropped_on, one.why = None, ""
        one.save(update_fields=["dropped_on", "why"])
    new = [one for one in wanted if one.pk not in known]
    Trainee.objects.bulk_create(
        Trainee(
            unit=unit,
            course=course,
            person=one,
            level=level,
            urgency=urgency,
            away=spans,
            enrolled_on=day,
        )
        for one in new
    )
    return len(new) + len(back)


# Chinese by nature: how people write spans of days
def spans_of(text: str) -> list[str]:
    """Spans of days as they are stored. Raises UserError with the one that cannot be read."""
    found = []
    for one in text.replace("，", " ").replace("、", " ").split():
        first, _mark, last = one.replace("至", "~").partition("~")
        try:
            since, until = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
        except ValueError:
            said = gettext("看不懂“%(text)s”，请写成 2022-12-05~2022-12-09。") % {"text": one}
            raise UserError(said, "away") from None
        if until < since:
            raise UserError(gettext("“%(text)s”的结束早于开始。") % {"text": one}, "away")
        found.append(f"{since}~{until}")
    return found


@verb(permission=SEND, on="trainee")
@transaction.atomic
def change_away(
    *, actor: Actor, trainee: Trainee, away: Annotated[str, AWAY] = "", version: int | None = None
) -> Trainee:
    """Says which days do not suit somebody; the next plan keeps to them."""
    unchanged(trainee, version)
    trainee.away = spans_of(away)
    trainee.save(update_fields=["away"])
    return trainee


@verb(permission=SEND, on="trainee")
@transaction.atomic
def drop_trainee(
    *,
    actor: Actor,
    trainee: Trainee,
    why: Annotated[str, Reason(most=200)],
    at: dt.datetime | None = None,
) -> Trainee:
    """Takes somebody off the list, for a reason; their place is free, and nobody else moves."""
    if trainee.trained_on:
        raise UserError(gettext("已经结业，不用移出名单。"))
    trainee.dropped_on, trainee.why = timezone.localdate(at), why
    trainee.cohort, trainee.by_hand = None, False
    trainee.save(update_fields=["dropped_on", "why", "cohort", "by_hand"])
    return trainee


@verb(permission=WRITE, on="trainee")
@transaction.atomic
def place_trainee(
    *, actor: Actor, trainee: Trainee, cohort: Cohort | None, version: int | None = None
) -> Trainee:
    """Puts somebody into a cohort by hand, or out of one; plans leave them there.

    Raises UserError where the cohort is another course's, finished, full, of another level, or on
    days that do not suit.
    """
    unchanged(trainee, version)
    if trainee.trained_on or trainee.dropped_on:
        raise UserError(gettext("已经结业或移出名单的人，不能再安排。"))
    if cohort is not None:
        _takes(cohort, trainee)
    trainee.cohort, trainee.by_hand = cohort, cohort is not None
    trainee.save(update_fields=["cohort", "by_hand"])
    return trainee


def _takes(cohort: Cohort, trainee: Trainee) -> None:
    held = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    if held.course_id != trainee.course_id:
        raise UserError(gettext("这一期不是这门课程的。"), "cohort")
    if held.finished_at:
        raise UserError(gettext("这一期已经结业。"), "cohort")
    others = held.trainees.exclude(pk=trainee.pk).count()
    if others >= held.most:
        said = gettext("这一期已满（%(most)s 人）。") % {"most": held.most}
        raise UserError(said, "cohort")
    if held.levels and trainee.level not in held.levels:
        raise UserError(gettext("这一期不收这个层级的人。"), "cohort")
    for since, until in trainee.spans():
        if since <= held.ends_on and until >= held.starts_on:
            said = gettext("与本人不便日期（%(since)s 至 %(until)s）冲突。")
            raise UserError(said % {"since": since, "until": until}, "cohort")


@verb(permission=WRITE, on="cohort")
@transaction.atomic
def finish_cohort(
    *,
    actor: Actor,
    cohort: Cohort,
    unfinished: Collection[int] = (),
    at: dt.datetime | None = None,
) -> list[Certificate]:
    """Records that a cohort is over: everybody in it has finished and gets hours and a certificate.

    `unfinished`: the trainees who did not; they are to be placed again. Once; raises UserError before
    the last day, or for somebody who is not in it.
    """
    held = Cohort.objects.select_for_update(of=("self",)).select_related("course").get(pk=cohort.pk)
    now = at or timezone.now()
    if held.finished_at:
        raise UserError(gettext("这一期已经登记结业。"))
    if timezone.localdate(now) < held.ends_on:
        raise UserError(gettext("还没有到结业日期。"))
    people = {one.pk: one for one in held.trainees.select_for_update(of=("self",))}
    if set(unfinished) - people.keys():
        raise UserError(gettext("名单里没有这些人。"), "unfinished")
    finished = [one for pk, one in people.items() if pk not in set(unfinished)]
    for one in people.values():
        if one in finished:
            one.trained_on, one.hours = held.ends_on, held.course.hours
        else:
            one.cohort, one.by_hand = None, False
    Trainee.objects.bulk_update(
        people.values(), ["trained_on", "hours", "cohort", "by_hand"], batch_size=500
    )
    held.finished_at = now
    held.save(update_fields=["finished_at"])
    return Certificate.objects.bulk_create(
        Certificate(unit_id=one.unit_id, trainee=one, code=new_code(), issued_on=held.ends_on)
        for one in finished
    )


@verb(permission=WRITE, on="certificate")
@transaction.atomic
def revoke_certificate(
    *,
    actor: Actor,
    certificate: Certificate,
    why: Annotated[str, Reason(most=200)],
    at: dt.datetime | None = None,
) -> Certificate:
    """Takes a certificate back, for a reason; verifying it says so, and its hours do not count."""
    if certificate.revoked_on is None:
        certificate.revoked_on, certificate.why = timezone.localdate(at), why
        certificate.save(update_fields=["revoked_on", "why"])
    return certificate


@verb(permission=WRITE, on="course")
@transaction.atomic
def add_materials(
    *,
    actor: Actor,
    course: Course,
    files: Annotated[Sequence[Any], Files(_("培训材料"), required=True)],
) -> list[File]:
    """Keeps materials with a course, for all who see it. Raises UserError for a file not taken."""
    return [
        attach(actor=actor, unit=course.unit, upload=one, subject=COURSE, subject_id=course.pk)
        for one in files
    ]
