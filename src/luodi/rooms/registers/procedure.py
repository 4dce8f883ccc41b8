"""An award's procedure as data, and its results, computed from the ballots each time they are read.

The score of a candidate is the weighted mean, over the juries, of the share of each jury's voters
who approve: 100 · Σ wⱼ · yesⱼ / votersⱼ ÷ Σ wⱼ. Nothing of it is stored, and it says nothing of
anybody beyond this one award.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.registers.models import Ballot, Candidacy, Objection, Round
from luodi.rooms.registers.models.register import in_language

CENT = Decimal("0.01")


class Does(enum.StrEnum):
    """What is done in a stage."""

    NOMINATE = "nominate"
    REVIEW = "review"
    NOTICE = "notice"
    VOTE = "vote"
    OBJECT = "object"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: `days` are the working days that it lasts at least (0: until somebody goes on)."""

    key: str
    zh: str
    en: str
    does: Does
    days: int = 0

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Jury:
    """A jury: whoever holds one of `roles` votes in it. Weights are relative to their sum."""

    key: str
    zh: str
    en: str
    weight: int
    roles: tuple[str, ...]

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages in order, juries, how many are awarded at most, and the least score in per cent.

    `record` says what the award writes: a column of the register to `name`, `reason` or `round`.
    """

    stages: tuple[Stage, ...]
    juries: tuple[Jury, ...]
    seats: int
    threshold: Decimal
    record: Mapping[str, str]

    def stage(self, key: str) -> Stage:
        return next(one for one in self.stages if one.key == key)

    def after(self, key: str) -> Stage | None:
        keys = [one.key for one in self.stages]
        place = keys.index(key) + 1
        return self.stages[place] if place < len(keys) else None


def plan_of(data: Mapping[str, Any]) -> Plan:
    """Reads a procedure. Raises UserError with what is wrong with it."""
    try:
        stages = tuple(
            Stage(one["key"], one["zh"], one["en"], Does(one["does"]), int(one.get("days", 0)))
            for one in data["stages"]
        )
        juries = tuple(
            Jury(one["key"], one["zh"], one["en"], int(one["weight"]), tuple(one["roles"]))
            for one in data["juries"]
        )
        plan = Plan(
            stages, juries, int(data["seats"]), Decimal(str(data["threshold"])), data["record"]
        )
    except (KeyError, ValueError, TypeError, ArithmeticError):
        raise UserError(_("评选程序不完整。")) from None
    _check(plan)
    return plan


def _check(plan: Plan) -> None:
    does = [one.does for one in plan.stages]
    if does[:1] != [Does.NOMINATE] or does[-1:] != [Does.AWARD] or does.count(Does.VOTE) != 1:
        raise UserError(_("程序要从推荐开始，以授予结束，中间投票一次。"))
    if len({one.key for one in plan.stages}) != len(plan.stages):
        raise UserError(_("阶段不能重复。"))
    if any(not 0 <= one.days <= 60 for one in plan.stages):
        raise UserError(_("一个阶段最多60个工作日。"), "days")
    if not plan.juries or any(not 0 < one.weight <= 1000 for one in plan.juries):
        raise UserError(_("每个评审组的权重为1至1000。"), "weights")
    if not 1 <= plan.seats <= 1000:
        raise UserError(_("名额为1至1000。"), "seats")
    if not 0 <= plan.threshold <= 100:
        raise UserError(_("最低得票率为0至100。"), "threshold")


@dataclass(frozen=True, slots=True)
class Tally:
    """One candidate in one jury: how many said yes, of how many who voted in it."""

    jury: Jury
    yes: int
    voters: int


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate: the tallies, the score in per cent (None before anybody voted), whether an
    objection stands against it, and whether it would be awarded."""

    candidacy: Candidacy
    tallies: tuple[Tally, ...]
    score: Decimal | None
    barred: bool
    awarded: bool


def score_of(tallies: Sequence[Tally]) -> Decimal | None:
    """In per cent, half up to two places; None where a jury has not voted."""
    if not tallies or any(one.voters == 0 for one in tallies):
        return None
    weights = sum(one.jury.weight for one in tallies)
    parts = [Decimal(one.jury.weight * one.yes) / one.voters for one in tallies]
    return (100 * sum(parts, Decimal(0)) / weights).quantize(CENT, ROUND_HALF_UP)


def winners(scores: Iterable[tuple[int, Decimal]], seats: int, threshold: Decimal) -> set[int]:
    """The keys of the best `seats` that reach the threshold; all who tie with the last are in."""
    reaching = sorted(((score, key) for key, score in scores if score >= threshold), reverse=True)
    if not reaching:
        return set()
    least = reaching[min(seats, len(reaching)) - 1][0]
    return {key for score, key in reaching if score >= least}


def results(round_: Round) -> list[Result]:
    """Of all candidates that passed the review, the best first: three queries."""
    plan = plan_of(round_.plan)
    candidates = list(round_.candidacies.filter(passed=True).select_related("unit"))
    ballots = Ballot.objects.filter(candidacy__round=round_)
    voters = dict(
        ballots.values_list("jury").annotate(count=Count("account", distinct=True)).order_by("jury")
    )
    yes: dict[tuple[int, str], int] = defaultdict(int)
    counted = ballots.values("candidacy", "jury").annotate(yes=Count("id", filter=Q(approves=True)))
    for row in counted:
        yes[row["candidacy"], row["jury"]] = row["yes"]
    upheld = Objection.objects.filter(candidacy__round=round_, upheld=True)
    barred = set(upheld.values_list("candidacy", flat=True))
    found = []
    for one in candidates:
        tallies = tuple(
            Tally(jury, yes[one.pk, jury.key], voters.get(jury.key, 0)) for jury in plan.juries
        )
        found.append((one, tallies, score_of(tallies)))
    standing = [(c.pk, s) for c, _t, s in found if s is not None and c.pk not in barred]
    won = winners(standing, plan.seats, plan.threshold)
    made = [Result(c, t, s, c.pk in barred, c.pk in won) for c, t, s in found]
    return sorted(made, key=lambda r: (-(r.score or Decimal(-1)), r.candidacy.pk))
