"""Party organisations: founded, reorganised, spanned over enterprises, dissolved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Actor, Unit, UnitKind
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.directory.models import (
    Branch,
    BranchSpan,
    BranchType,
    Enterprise,
    Membership,
    RuleOverride,
    Standing,
)
from luodi.rooms.directory.rules import RULES
from luodi.rooms.directory.verbs import checks
from luodi.rooms.directory.verbs.dating import (
    clone,
    ended,
    locked,
    moment,
    opening,
    period,
    replaced,
)

SPANNING = (BranchType.JOINT, BranchType.TEMPORARY)


@transaction.atomic
def found_branch(
    *,
    actor: Actor,
    parent: Unit,
    name: str,
    type: BranchType,
    founded_on: dt.date,
    short_name: str = "",
    superior: Branch | None = None,
    spans: Sequence[Enterprise] = (),
    community: bool = False,
    term_started_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Branch:
    """Founds a party organisation under an enterprise, a district (a joint one) or the zone."""
    actor.require("posts.write", parent.path)
    when = moment(at)
    unit = scope.create_unit(
        actor=SYSTEM,
        kind=UnitKind.BRANCH,
        name=name,
        parent=parent,
        short_name=short_name,
        opened_on=founded_on,
    )
    branch = Branch.objects.create(
        unit=unit, superior=superior, community=community, term_started_on=term_started_on
    )
    row = Standing(branch=branch, type=BranchType(type), valid=period(founded_on))
    opening(row, when, _("它在这段时间已有类型。"))
    for enterprise in spans:
        span_enterprise(
            actor=actor, branch=branch, enterprise=enterprise, since=founded_on, at=when
        )
    return branch


def standing_of(branch: Branch) -> Standing:
    """The last standing, held until the transaction ends."""
    row = Standing.objects.known().filter(branch=branch).order_by("valid").last()
    if row is None:
        raise NotFound(_("没有这个党组织。"))
    return locked(row)


@transaction.atomic
def reorganise_branch(
    *,
    actor: Actor,
    branch: Branch,
    type: BranchType,
    on: dt.date,
    at: dt.datetime | None = None,
) -> Standing:
    """Makes it an organisation of another type from a day on (a branch becomes a general branch)."""
    actor.require("posts.write", branch.unit.path)
    row, taken = standing_of(branch), _("它在这段时间已有类型。")
    if row.type == type:
        raise UserError(_("它已经是%(type)s。") % {"type": row.get_type_display()}, "type")
    following = clone(row, type=BranchType(type), valid=period(on, row.until))
    return replaced(row, [ended(row, on), following], moment(at), taken)[-1]


@transaction.atomic
def correct_standing(
    *,
    actor: Actor,
    branch: Branch,
    type: BranchType | None = None,
    founded_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Standing:
    """Corrects what was entered wrongly of the last standing: its type, or its first day."""
    actor.require("posts.write", branch.unit.path)
    row = standing_of(branch)
    right = clone(
        row, type=BranchType(type or row.type), valid=period(founded_on or row.since, row.until)
    )
    return replaced(row, [right], moment(at), _("它在这段时间已有类型。"))[0]


@transaction.atomic
def set_term(*, actor: Actor, branch: Branch, started_on: dt.date) -> Branch:
    """Notes the day on which the present committee was elected or appointed."""
    actor.require("posts.write", branch.unit.path)
    period(started_on)
    branch.term_started_on = started_on
    branch.save(update_fields=["term_started_on"])
    return branch


@transaction.atomic
def dissolve_branch(
    *, actor: Actor, branch: Branch, on: dt.date, at: dt.datetime | None = None
) -> Branch:
    """Dissolves an organisation that nobody belongs to any more, and ends what it spans."""
    actor.require("posts.write", branch.unit.path)
    when = moment(at)
    left = Membership.objects.on(on).filter(branch=branch).count()
    if left:
        raise UserError(_("它还有%(count)s名党员或培养对象，请先转出。") % {"count": left}, "on")
    row = standing_of(branch)
    replaced(row, [ended(row, on)], when, "")
    for span in BranchSpan.objects.on(on).filter(branch=branch):
        held = locked(span)
        replaced(held, [ended(held, on)] if held.since < on else [], when, "")
    scope.close_unit(actor=SYSTEM, unit=branch.unit, on=on)
    return branch


@transaction.atomic
def span_enterprise(
    *,
    actor: Actor,
    branch: Branch,
    enterprise: Enterprise,
    since: dt.date,
    at: dt.datetime | None = None,
) -> BranchSpan:
    """Lets a joint or temporary branch cover an enterprise from a day on."""
    actor.require("posts.write", branch.unit.path)
    standing = Standing.objects.on(since).filter(branch=branch).first()
    if standing is None or standing.type not in SPANNING:
        raise UserError(_("只有联合党支部或临时党支部可以覆盖多家企业。"), "branch")
    row = BranchSpan(branch=branch, enterprise=enterprise, valid=period(since))
    return opening(row, moment(at), _("这段时间它已覆盖该企业。"))


@transaction.atomic
def end_span(
    *, actor: Actor, span: BranchSpan, on: dt.date, at: dt.datetime | None = None
) -> BranchSpan:
    """Ends the covering of an enterprise on a day (exclusive)."""
    actor.require("posts.write", span.branch.unit.path)
    held = locked(span)
    return replaced(held, [ended(held, on)], moment(at), "")[0]


@transaction.atomic
def override_rule(
    *, actor: Actor, branch: Branch, rule: str, reason: str, at: dt.datetime | None = None
) -> RuleOverride:
    """Sets a rule's remark aside for one organisation, with the reason that is shown with it."""
    actor.require("posts.write", branch.unit.path)
    if rule not in RULES:
        raise NotFound(_("没有这条规则。"))
    reason = checks.text(reason, "reason", _("请写明理由。"), 300)
    RuleOverride.objects.filter(branch=branch, rule=rule, ended_at=None).update(ended_at=moment(at))
    return RuleOverride.objects.create(
        branch=branch,
        rule=rule,
        reason=reason,
        account_id=actor.account_id or None,
        made_at=moment(at),
    )


@transaction.atomic
def end_override(*, actor: Actor, override: RuleOverride, at: dt.datetime | None = None) -> None:
    """Lets the rule's remark be shown again as it is."""
    actor.require("posts.write", override.branch.unit.path)
    override.ended_at = moment(at)
    override.save(update_fields=["ended_at"])
