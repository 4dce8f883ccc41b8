"""Cases that belong together: linking, merging duplicates, undoing a merge exactly."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework.engine import lay_down, record, take
from luodi.rooms.casework.models import Case, Link
from luodi.rooms.casework.standing import allows, relations, standing_of


@transaction.atomic
def link(
    *,
    actor: Actor,
    case: Case,
    other: Case,
    kind: str = Link.Kind.RELATED,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Link:
    """Notes that a case is like another (`duplicate`) or belongs with it (`related`)."""
    work = take(actor, case, "link", at=at, version=version)
    seen = _another(work.case, other)
    found, made = Link.objects.get_or_create(
        case=work.case,
        other=seen,
        defaults={"kind": kind, "account_id": actor.account_id or None, "at": work.at},
    )
    if made:
        record(work, other=seen.code, kind=str(kind))
        lay_down(work)
    return found


def _another(case: Case, other: Case) -> Case:
    """The other case as the actor sees it; never the same one."""
    if other.pk == case.pk:
        raise UserError(_("不能与自己关联。"), "other")
    found: Case | None = Case.objects.filter(pk=other.pk).first()
    if found is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    return found


@transaction.atomic
def merge(
    *,
    actor: Actor,
    case: Case,
    into: Case,
    reason: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Makes a case follow another, open one. Nothing of it is moved, so undoing restores it exactly."""
    # Locked in the order of ids, so that two merges of the same pair cannot wait for each other.
    list(
        Case.objects.select_for_update(of=("self",))
        .filter(pk__in=[case.pk, into.pk])
        .order_by("pk")
        .values_list("pk")
    )
    work = take(actor, case, "merge", at=at, version=version)
    main = _another(work.case, into)
    if not main.is_open:
        raise UserError(_("只能并入一个还在办理的问题。"), "into")
    if not allows(work.transition, actor, relations(actor, main, standing_of(main.pk))):
        # Whose case it becomes must have taken it: nobody lays theirs into another's hands so.
        raise UserError(
            _("您不办理“%(code)s”，不能并入它。请交办或请求协办。") % {"code": main.code}, "into"
        )
    if Case.objects.filter(merged_into=work.case).exists():
        raise UserError(_("已有问题并入本问题，请先撤销，再并案。"), "into")
    record(work, reason, into=main.code)
    work.also["merged_into_id"] = main.pk
    return lay_down(work)


@transaction.atomic
def unmerge(
    *,
    actor: Actor,
    case: Case,
    reason: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Undoes a merge: state, responsibilities, measures and clocks are as if it had never been."""
    work = take(actor, case, "unmerge", at=at, version=version)
    record(work, reason)
    work.also["merged_into_id"] = None
    return lay_down(work)
