"""A vote is opened, counted and judged by its rule, or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Reason, Text, verb
from luodi.ground.scope.api import Actor, UnitKind, because, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.kinds.votes import Rule, Sums, elect, judge, rule_of
from luodi.rooms.gatherings.models import Ballot, Candidate, Choice, Gathering, Vote
from luodi.rooms.gatherings.models.gathering import THERE
from luodi.rooms.gatherings.people import EXPECTED
from luodi.rooms.gatherings.verbs.checks import WRITE, fresh, line, not_cancelled

MOST_CANDIDATES = 60


def entitled_to(rule: Rule, gathering: Gathering) -> list[Person]:
    """Who may vote on the day of the gathering."""
    key = rule.entitled
    if key == "committee" and gathering.unit.kind == UnitKind.ZONE:
        key = "leading_group"
    rows = EXPECTED[key](gathering.unit, gathering.on)
    return list(rows.order_by("sort_key", "pk"))


def present_of(gathering: Gathering, people: Iterable[Person]) -> list[Person]:
    """Who of them was there, by the list of attendance."""
    there = gathering.people.filter(state__in=THERE).values_list("person_id", flat=True)
    came = set(there)
    return [one for one in people if one.pk in came]


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def open_vote(
    *,
    actor: Actor,
    gathering: Gathering,
    rule: Annotated[str, Text(gettext_lazy("表决类型"), most=40)],
    subject: Annotated[str, Text(gettext_lazy("表决事项"))],
    secret: bool | None = None,
    seats: int | None = None,
    candidates: Sequence[str] = (),
    at: dt.datetime | None = None,
) -> Vote:
    """Opens a vote at a gathering whose kind votes by such a rule; an election has seats and
    candidates. Raises UserError."""
    gathering = fresh(gathering)
    not_cancelled(gathering)
    of = rule_of(rule)
    if not any(rule in kind.votes for kind in gathering.kinds):
        said = _("“%(kind)s”不作这种表决。")
        raise UserError(said % {"kind": gathering.of_kind}, "rule")
    names = [line(one, "candidates", 60) for one in candidates]
    names = list(dict.fromkeys(one for one in names if one))
    if of.election:
        if not seats or seats < 1:
            raise UserError(_("请填写应选名额。"), "seats")
        if len(names) < seats:
            raise UserError(_("候选人不能少于应选名额。"), "candidates")
        if len(names) > MOST_CANDIDATES:
            said = _("候选人最多 %(most)s 人。")
            raise UserError(said % {"most": MOST_CANDIDATES}, "candidates")
    elif names or seats:
        raise UserError(_("只有选举才填写候选人和名额。"), "candidates")
    subject = line(subject, "subject", 200)
    if not subject:
        raise UserError(_("请写明表决什么。"), "subject")
    vote = Vote.objects.create(
        gathering=gathering,
        rule=of.key,
        subject=subject,
        secret=of.secret if secret is None else secret,
        seats=seats if of.election else None,
        opened_at=at or timezone.now(),
    )
    Candidate.objects.bulk_create(Candidate(vote=vote, name=name) for name in names)
    vote.refresh_from_db()
    return vote


@verb(permission=WRITE, on="vote")
@transaction.atomic
def close_vote(
    *,
    actor: Actor,
    vote: Vote,
    present: int | None = None,
    yes: int = 0,
    no: int = 0,
    abstain: int = 0,
    invalid: int = 0,
    votes: Mapping[int, int] | None = None,
    ballots: Mapping[int, str] | None = None,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Vote:
    """Closes a vote: who was entitled is frozen by name, the sums are kept, the rule judges them.

    present: of the entitled; without it, those whom the list of attendance has. votes: for each
    candidate of an election. ballots: by person, of an open vote; the sums follow from them, and of
    a secret vote none are kept. Raises UserError for sums that cannot be, Stale.
    """
    unchanged(vote, version, "state")
    row = Vote.objects.select_related("gathering__unit").get(pk=vote.pk)
    if row.state != Vote.State.OPEN:
        raise UserError(_("表决已经结束。"))
    rule, gathering = rule_of(row.rule), row.gathering
    people = entitled_to(rule, gathering)
    if ballots:
        present, yes, no, abstain = _keep_ballots(row, people, ballots)
    elif present is None:
        if gathering.recorded_at is None:
            raise UserError(_("请先登记出席，或填写实到有表决权人数。"), "present")
        present = len(present_of(gathering, people))
    row.entitled = [{"person": one.pk, "name": one.name} for one in people]
    row.present, row.invalid = present, invalid
    if rule.election:
        row.judged = _judge_election(row, rule, len(people), present, invalid, votes or {})
        row.carried = bool(row.judged["elected"])
    else:
        row.yes, row.no, row.abstain = yes, no, abstain
        sums = Sums(len(people), present, yes, no, abstain, invalid)
        sums.check()
        verdict = judge(rule, sums)
        row.judged, row.carried = asdict(verdict), verdict.carried
    row.judged |= _of_rule(rule)
    row.state, row.closed_at = Vote.State.CLOSED, at or timezone.now()
    row.save()
    row.refresh_from_db()
    return row


def _of_rule(rule: Rule) -> dict[str, Any]:
    """What the rule said when the vote closed; a rule that changes later changes nothing here."""
    return {
        "rule": {"key": rule.key, "name": rule.name, "name_en": rule.name_en},
        "quorum_share": [rule.quorum[0], str(rule.quorum[1])],
        "majority_share": [rule.majority[0], str(rule.majority[1])],
        "source": str(rule.source),
        "certainty": rule.source.certainty.value,
    }


def _keep_ballots(
    vote: Vote, people: Sequence[Person], ballots: Mapping[int, str]
) -> tuple[int, int, int, int]:
    """Keeps how each voted; gives how many were there and the three sums."""
    if vote.secret:
        raise UserError(_("无记名表决只登记票数。"))
    if set(ballots) - {one.pk for one in people}:
        raise UserError(_("有人没有表决权。"))
    if set(ballots.values()) - set(Choice.values):
        raise UserError(_("表决意见只有：赞成、反对、弃权。"))
    Ballot.objects.bulk_create(
        Ballot(vote=vote, person_id=pk, choice=choice) for pk, choice in ballots.items()
    )
    said = list(ballots.values())
    yes, no, abstain = (said.count(one) for one in (Choice.YES, Choice.NO, Choice.ABSTAIN))
    return len(said), yes, no, abstain


def _judge_election(
    vote: Vote, rule: Rule, entitled: int, present: int, invalid: int, votes: Mapping[int, int]
) -> dict[str, Any]:
    """Keeps the candidates' votes and who was elected; gives what is kept of the verdict."""
    candidates = list(vote.candidates.all())
    if set(votes) != {one.pk for one in candidates}:
        raise UserError(_("请填写每位候选人的得票。"), "votes")
    if present > entitled or invalid > present:
        Sums(entitled, present, 0, 0, 0, invalid).check()
    cast = present - invalid
    if any(not 0 <= n <= cast for n in votes.values()):
        said = _("一位候选人的得票不能多于有效票 %(cast)s 张。")
        raise UserError(said % {"cast": cast}, "votes")
    assert vote.seats is not None
    if sum(votes.values()) > cast * vote.seats:
        raise UserError(_("得票总数多于有效票数乘以应选名额。"), "votes")
    named = {one.name: votes[one.pk] for one in candidates}
    verdict = elect(rule, vote.seats, named, entitled, present, cast)
    for one in candidates:
        one.votes, one.elected = votes[one.pk], one.name in verdict.elected
    Candidate.objects.bulk_update(candidates, ["votes", "elected"])
    kept = asdict(verdict)
    return kept | {"elected": sorted(verdict.elected), "tied": sorted(verdict.tied)}


@verb(permission=WRITE, on="vote")
@transaction.atomic
def withdraw_vote(
    *, actor: Actor, vote: Vote, why: Annotated[str, Reason(most=200)], version: int | None = None
) -> Vote:
    """Takes a vote back that was opened or counted wrongly; it stays, withdrawn, with its sums.
    The right one is opened beside it."""
    unchanged(vote, version, "state")
    row = Vote.objects.get(pk=vote.pk)
    if row.state == Vote.State.WITHDRAWN:
        raise UserError(_("表决已经撤回。"))
    because(why)
    row.state = Vote.State.WITHDRAWN
    row.save(update_fields=["state"])
    row.refresh_from_db()
    return row
