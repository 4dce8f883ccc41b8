"""Party organisations: the list with remarks, the page with its rules, and the forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Question, address
from luodi.ground.records.api import ReasonForm
from luodi.ground.scope.api import Request, called, today
from luodi.rooms.directory import api
from luodi.rooms.directory.forms.enterprises import (
    BranchFilter,
    BranchForm,
    DayForm,
    EmptyForm,
    SpanForm,
    TermForm,
    TypeForm,
)
from luodi.rooms.directory.models import (
    Branch,
    BranchSpan,
    Membership,
    Post,
    RuleOverride,
    Standing,
)
from luodi.rooms.directory.rules import RULES, Verdict, judge
from luodi.shell.forms import form_page, posted
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts, moments_of


@dataclass(frozen=True, slots=True)
class Notes:
    """What the list says of an organisation beside its row."""

    members: int
    attention: list[str]


def notes_of(rows: Iterable[Standing]) -> dict[int, Notes]:
    """How many members, and which rules ask for attention: three queries for any number of rows."""
    on, found = today(), list(rows)
    facts = api.rule_facts(found, on)
    aside = set(
        RuleOverride.objects.filter(branch__in=list(facts), ended_at=None).values_list(
            "branch", "rule"
        )
    )
    return {
        branch: Notes(
            one.members,
            [
                str(remark.rule.title)
                for remark in judge(one, on)
                if remark.verdict is Verdict.ATTENTION and (branch, remark.rule.key) not in aside
            ],
        )
        for branch, one in facts.items()
    }


def columns(notes: Mapping[int, Notes]) -> list[Column]:
    return [
        Column(
            "name",
            _("党组织"),
            sort="branch__unit__sort_key",
            value=lambda row: row.branch.unit.name,
            link=lambda row: reverse("directory:branch", args=[row.branch_id]),
            phone="title",
        ),
        Column("type", _("类型"), sort="type"),
        Column("parent", _("设在"), value=lambda row: row.branch.unit.parent),
        Column("since", _("起始日期"), phone="hide"),
        Column(
            "members",
            _("党员"),
            align="end",
            value=lambda row: notes[row.branch_id].members,
            link=lambda row: address(
                "directory.organisation_members", Question(row.branch.unit, today())
            ),
        ),
        Column("attention", _("需要注意"), value=lambda row: notes[row.branch_id].attention),
    ]


@login_required
def branches(request: Request) -> HttpResponseBase:
    """The party organisations of today, each with what needs attention."""
    notes: dict[int, Notes] = {}
    listing = Listing(
        request,
        Standing.objects.on(today()).select_related("branch__unit__parent"),
        columns=columns(notes),
        default_sort="name",
        name="branches",
        filters=BranchFilter,
        search=lambda rows, text: rows.filter(called(text, "branch__unit")),
        title=_("党组织"),
        empty=_("还没有党组织。请先登记企业，再在企业页成立党组织。"),
    )
    notes.update(notes_of(listing.queryset if request.GET.get("format") else listing.rows))
    context = {"listing": listing, "may_found": request.actor.may("posts.write")}
    return listing.export() or show(request, "directory/branches.html", context)


def find(pk: int) -> Branch:
    return get_object_or_404(Branch.objects.select_related("unit__parent", "superior__unit"), pk=pk)


@login_required
def branch(request: Request, pk: int) -> HttpResponseBase:
    """One party organisation: what it is, who is in it, what the rules say, with their source."""
    row, on = find(pk), today()
    actor, unit = request.actor, row.unit
    standings = list(Standing.objects.known().filter(branch=row).order_by("valid"))
    overrides = {one.rule: one for one in RuleOverride.objects.filter(branch=row, ended_at=None)}
    current = [
        one for one in standings if one.since <= on and (one.until is None or on < one.until)
    ]
    for one in current:
        one.branch = row
    facts = api.rule_facts(current, on).get(row.pk)
    memberships = Membership.objects.on(on).filter(branch=row).select_related("person")
    posts = Post.objects.on(on).filter(unit=unit).select_related("person")
    may_see = actor.may("people.view", unit.path)  # who belongs to a party is sensitive
    return show(
        request,
        "directory/branch.html",
        {
            "branch": row,
            "standings": standings,
            "current": current[0] if current else None,
            "members": facts.members if facts else 0,
            "remarks": [(remark, overrides.get(remark.rule.key)) for remark in judge(facts, on)]
            if facts
            else [],
            "may_see": may_see,
            "memberships": memberships.order_by("person__sort_key", "person_id")[:500]
            if may_see
            else [],
            "posts": posts if may_see else [],
            "spans": BranchSpan.objects.on(on)
            .filter(branch=row)
            .select_related("enterprise__unit"),
            "inferiors": row.inferiors.select_related("unit"),
            "may_write": actor.may("posts.write", unit.path),
            "parts": filled_parts(request, "unit_page", unit),
            "moments": moments_of(actor, unit),
        },
    )


@login_required
def found(request: Request) -> HttpResponseBase:
    request.actor.require("posts.write")
    return form_page(
        request,
        BranchForm(**posted(request), initial={"parent": request.GET.get("parent", "")}),
        lambda data: api.found_branch(actor=request.actor, **data),
        heading=_("成立党组织"),
        back=reverse("directory:branches"),
        done=lambda made: reverse("directory:branch", args=[made.pk]),
    )


def to_change(request: Request, pk: int) -> Branch:
    row = find(pk)
    request.actor.require("posts.write", row.unit.path)
    return row


@login_required
def reorganise(request: Request, pk: int) -> HttpResponseBase:
    row = to_change(request, pk)
    return form_page(
        request,
        TypeForm(**posted(request), initial={"on": today()}),
        lambda data: api.reorganise_branch(actor=request.actor, branch=row, **data),
        heading=_("改设类型"),
        back=reverse("directory:branch", args=[pk]),
    )


@login_required
def term(request: Request, pk: int) -> HttpResponseBase:
    row = to_change(request, pk)
    return form_page(
        request,
        TermForm(**posted(request), initial={"started_on": row.term_started_on}),
        lambda data: api.set_term(actor=request.actor, branch=row, **data),
        heading=_("登记换届"),
        back=reverse("directory:branch", args=[pk]),
    )


@login_required
def span(request: Request, pk: int) -> HttpResponseBase:
    row = to_change(request, pk)
    return form_page(
        request,
        SpanForm(**posted(request), initial={"since": today()}),
        lambda data: api.span_enterprise(actor=request.actor, branch=row, **data),
        heading=_("覆盖一家企业"),
        back=reverse("directory:branch", args=[pk]),
    )


@login_required
def end_span(request: Request, pk: int) -> HttpResponseBase:
    row = get_object_or_404(BranchSpan.objects.select_related("branch__unit"), pk=pk)
    request.actor.require("posts.write", row.branch.unit.path)
    return form_page(
        request,
        DayForm(**posted(request), initial={"on": today()}),
        lambda data: api.end_span(actor=request.actor, span=row, **data),
        heading=_("不再覆盖这家企业"),
        note=str(row.enterprise),
        back=reverse("directory:branch", args=[row.branch_id]),
    )


@login_required
def dissolve(request: Request, pk: int) -> HttpResponseBase:
    row = to_change(request, pk)
    return form_page(
        request,
        DayForm(**posted(request), initial={"on": today()}),
        lambda data: api.dissolve_branch(actor=request.actor, branch=row, **data),
        heading=_("撤销党组织"),
        note=_("撤销后不再列出，它的历史仍然保留。"),
        back=reverse("directory:branch", args=[pk]),
    )


@login_required
def override(request: Request, pk: int, rule: str) -> HttpResponseBase:
    row = to_change(request, pk)
    title = RULES[rule].title if rule in RULES else ""
    return form_page(
        request,
        ReasonForm(**posted(request)),
        lambda data: api.override_rule(actor=request.actor, branch=row, rule=rule, **data),
        heading=_now("作为例外处理：%(rule)s") % {"rule": title},
        note=_("理由会和规则一起显示，并记入审计记录。"),
        back=reverse("directory:branch", args=[pk]),
    )


@login_required
def end_override(request: Request, pk: int) -> HttpResponseBase:
    row = get_object_or_404(RuleOverride.objects.select_related("branch__unit"), pk=pk)
    request.actor.require("posts.write", row.branch.unit.path)
    from_page = reverse("directory:branch", args=[row.branch_id])
    return form_page(
        request,
        EmptyForm(**posted(request)),
        lambda data: api.end_override(actor=request.actor, override=row),
        heading=_("不再作为例外"),
        note=row.reason,
        back=from_page,
    )
