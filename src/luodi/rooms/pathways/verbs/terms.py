"""Terms of office: when each is due, what moves it, and who is reminded."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.api import tell
from luodi.ground.records.api import Date, Reason, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import (
    RULES,
    Branch,
    Person,
    Post,
    PostKind,
    Remark,
    Standing,
    Verdict,
    judge,
    rule_facts,
)
from luodi.rooms.pathways.models import TermShift
from luodi.rooms.pathways.rules.times import Span, later
from luodi.rooms.pathways.verbs.telling import handlers

OFFICES = (PostKind.BRANCH_SECRETARY, PostKind.BRANCH_DEPUTY, PostKind.BRANCH_MEMBER)
ELECTED = RULES["term"].types
AHEAD = (Span(6), Span(3), Span(1))  # half a year, three months, a month ahead
AT_MOST = Span(12)  # 《基层组织选举工作条例》第三条: early or late no more than a year
BECOMES = ("minimum_members", "general_branch_due", "committee_due", "joint_spans")


@dataclass
class Term:
    """A branch's term: begun, due, moved, and what the branch is due to become."""

    branch: Branch
    standing: Standing
    due_on: dt.date | None
    shift: TermShift | None
    remarks: Sequence[Remark]

    @property
    def held_by(self) -> dt.date | None:
        """The day by which the election is to be held."""
        return self.shift.moved_to if self.shift else self.due_on

    def months_left(self, day: dt.date) -> int | None:
        """In how many months it is due: 0 within a month, -1 when past; None where nobody can say."""
        if self.held_by is None:
            return None
        if self.held_by < day:
            return -1
        return (self.held_by.year - day.year) * 12 + self.held_by.month - day.month

    def stage(self, day: dt.date) -> int:
        """How many of the reminders' days have come: 0 to 3."""
        held_by = self.held_by
        if held_by is None:
            return 0
        return sum(later(held_by, Span(-span.months)) <= day for span in AHEAD)


def due_of(branch: Branch) -> dt.date | None:
    """The last day of the present term: 3 years, 5 in villages and communities."""
    given = RULES["term"].parameters
    if branch.term_started_on is None:
        return None
    years = given["community_years"] if branch.community else given["years"]
    return later(branch.term_started_on, Span(12 * years))


def terms_of(day: dt.date) -> list[Term]:
    """The organisations of a day with their terms, in the order of the tree."""
    rows = Standing.objects.on(day).select_related("branch__unit__parent").order_by("branch__path")
    standings = list(rows)
    facts = rule_facts(standings, day)
    shifts = {
        (one.branch_id, one.due_on): one
        for one in TermShift.objects.filter(branch__in=[one.branch_id for one in standings])
    }
    found = []
    for one in standings:
        due = due_of(one.branch) if one.type in ELECTED else None
        remarks = [
            remark
            for remark in judge(facts[one.branch_id], day)
            if remark.rule.key in BECOMES and remark.verdict is Verdict.ATTENTION
        ]
        shift = shifts.get((one.branch_id, due)) if due else None
        found.append(Term(one.branch, one, due, shift, remarks))
    return found


def offices_of(day: dt.date) -> list[tuple[Person, list[Post]]]:
    """Who stands in several offices of organisations, by name; each with these posts."""
    rows = Post.objects.on(day).filter(kind__in=OFFICES).select_related("person", "unit")
    by: dict[Person, list[Post]] = defaultdict(list)
    for post in rows.order_by("person__sort_key", "person_id", "pk"):
        by[post.person].append(post)
    return [(person, posts) for person, posts in by.items() if len(posts) > 1]


@verb(permission="pathways.approve", on="branch")
@transaction.atomic
def shift_term(
    *,
    actor: Actor,
    branch: Branch,
    moved_to: Annotated[dt.date, Date(_("改在哪一天前换届"))],
    reason: Annotated[str, Reason(_("提前或延期的理由"), most=200)],
) -> TermShift:
    """Lets an election be held earlier or later, at most a year, as the superior agrees."""
    due = due_of(branch)
    if due is None:
        raise UserError(gettext("还没有登记本届班子产生日期。"), "moved_to")
    if not later(due, Span(-AT_MOST.months)) <= moved_to <= later(due, AT_MOST):
        raise UserError(
            gettext(
                "提前或延期一般不超过一年：届满日期是%(day)s。（《基层组织选举工作条例》第三条）"
            )
            % {"day": due},
            "moved_to",
        )
    row = TermShift.objects.filter(branch=branch, due_on=due).first()
    row = row or TermShift(branch=branch, due_on=due)
    row.moved_to, row.reason = moved_to, reason
    row.save()
    return row


def remind_terms(day: dt.date) -> int:
    """Reminds secretary and office half a year, three months and a month ahead; each once."""
    told = 0
    for term in terms_of(day):
        stage, held_by = term.stage(day), term.held_by
        if not stage or held_by is None or held_by < day:
            continue
        text = gettext("%(branch)s应于%(day)s前换届，请做好准备。") % {
            "branch": term.branch,
            "day": held_by,
        }
        people = {
            one.pk: one
            for permission in ("pathways.write", "pathways.approve")
            for one in handlers(permission, term.branch.path)
        }
        key = f"term:{term.branch.pk}:{held_by}:{stage}"
        tell(accounts=people.values(), key=key, text=text, url="/pathways/terms/")
        told += 1
    return told
