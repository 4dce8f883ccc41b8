"""Votes: judged as the rule says, whatever the numbers; frozen when they close."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import UserError
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.demo import noon
from luodi.rooms.gatherings import api
from luodi.rooms.gatherings.api import Gathering
from luodi.rooms.gatherings.kinds.votes import Sums, elect, judge, needed, reaches, rules
from luodi.rooms.gatherings.models import Ballot, Vote
from luodi.rooms.gatherings.outcome import told
from luodi.rooms.gatherings.tests.conftest import Company

DAY = dt.date(2022, 6, 6)
AT = noon(DAY, 18)


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 9),
)
def test_a_resolution_is_judged_as_its_article_reads(
    entitled: int, present: int, yes: int, no: int, abstain: int
) -> None:
    """More than half of the entitled are there, more than half of the entitled are in favour."""
    verdict = judge(rules()["resolution"], Sums(entitled, present, yes, no, abstain))
    assert verdict.quorate == (2 * present > entitled and entitled > 0)
    assert verdict.carried == (verdict.quorate and 2 * yes > entitled)
    if entitled:
        assert verdict.needed == next(n for n in range(100) if 2 * n > entitled)


@given(st.integers(1, 500), st.sampled_from(["over", "least"]), st.fractions(0, 1))
def test_what_is_needed_is_the_least_number_that_reaches(of: int, how: str, part: Fraction) -> None:
    share = (how, part)
    least = needed(share, of)
    assert least == next(n for n in range(of + 2) if reaches(n, share, of))


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(1, 4), st.integers(0, 20))
def test_an_election_against_a_slow_one(votes: list[int], seats: int, present: int) -> None:
    rule = rules()["election"]
    named = {f"候选{place}": n for place, n in enumerate(votes)}
    found = elect(rule, seats, named, 20, present, present)
    quorate = 5 * present >= 4 * 20
    passed = {name for name, n in named.items() if 2 * n > present > 0} if quorate else set()
    for name in named:
        better_or_equal = sum(named[other] >= named[name] for other in passed)
        sure = name in passed and better_or_equal <= seats
        assert (name in found.elected) == sure
    assert len(found.elected) <= seats and not found.elected & found.tied


def meeting(company: Company, kind: str = "members_meeting") -> Gathering:
    row = api.plan_gathering(
        actor=company.secretary, unit=company.unit, kind=kind, starts_at=noon(DAY, 15), at=AT
    )
    absent = {company.people[4].pk: "absent"}
    return api.record_attendance(actor=company.secretary, gathering=row, exceptions=absent, at=AT)


def test_who_was_entitled_is_frozen_and_the_result_says_why(company: Company) -> None:
    actor, row = company.secretary, meeting(company)
    vote = api.open_vote(actor=actor, gathering=row, rule="admission", subject="接收某某")
    assert vote.secret
    closed = api.close_vote(actor=actor, vote=vote, yes=3, no=1, at=AT)
    assert {one["name"] for one in closed.entitled} == {one.name for one in company.people[:5]}
    assert (closed.present, closed.carried) == (4, True)  # one absent, one without a vote
    known = told(closed)
    assert known.result == "通过" and "至少 3 票赞成；赞成 3 票" in known.why[1]
    directory.advance_membership(
        actor=SYSTEM,
        membership=company.people[5].memberships.get(),
        on=dt.date(2022, 6, 1),
    )
    closed.refresh_from_db()
    assert len(closed.entitled) == 5
    with pytest.raises(UserError):
        api.close_vote(actor=actor, vote=closed, yes=5)


def test_a_secret_vote_keeps_only_sums_and_an_open_one_who_voted_how(company: Company) -> None:
    actor, row = company.secretary, meeting(company)
    said = {one.pk: "yes" for one in company.people[:3]} | {company.people[3].pk: "no"}
    secret = api.open_vote(actor=actor, gathering=row, rule="resolution", subject="一", secret=True)
    with pytest.raises(UserError):
        api.close_vote(actor=actor, vote=secret, ballots=said)
    open_one = api.open_vote(actor=actor, gathering=row, rule="resolution", subject="二")
    closed = api.close_vote(actor=actor, vote=open_one, ballots=said)
    assert (closed.yes, closed.no, closed.present, closed.carried) == (3, 1, 4, True)
    assert Ballot.objects.filter(vote=closed).count() == 4
    stranger = {company.people[5].pk: "yes"}  # probationary: no vote
    third = api.open_vote(actor=actor, gathering=row, rule="resolution", subject="三")
    with pytest.raises(UserError):
        api.close_vote(actor=actor, vote=third, ballots=stranger)


@pytest.mark.parametrize(
    ("sums", "field"),
    [({"present": 9}, "present"), ({"yes": 5}, "yes"), ({"yes": 2, "no": 2, "invalid": 1}, "yes")],
)
def test_sums_that_cannot_be_are_refused(
    company: Company, sums: dict[str, int], field: str
) -> None:
    row = meeting(company)
    vote = api.open_vote(actor=company.secretary, gathering=row, rule="resolution", subject="示例")
    with pytest.raises(UserError) as refused:
        api.close_vote(actor=company.secretary, vote=vote, **sums)
    assert refused.value.field == field
    assert Vote.objects.get(pk=vote.pk).state == Vote.State.OPEN


def test_an_election_with_too_few_candidates_is_told_and_a_tie_goes_to_another_round(
    company: Company,
) -> None:
    actor, row = company.secretary, meeting(company)
    with pytest.raises(UserError) as refused:
        api.open_vote(actor=actor, gathering=row, rule="election", subject="选举", seats=2)
    assert refused.value.field == "candidates"
    vote = api.open_vote(
        actor=actor,
        gathering=row,
        rule="election",
        subject="选举",
        seats=2,
        candidates=["示例子", "示例丑", "示例寅"],
    )
    assert told(vote).hint == ""
    counts = dict(zip([one.pk for one in vote.candidates.all()], (4, 3, 3), strict=True))
    with pytest.raises(UserError):  # ten marks on four ballots of two
        api.close_vote(actor=actor, vote=vote, votes=counts)
    counts = dict.fromkeys(counts, 0) | {next(iter(counts)): 4}
    closed = api.close_vote(actor=actor, vote=vote, votes=counts)
    assert closed.judged["elected"] == ["示例子"]
    with pytest.raises(UserError):
        api.open_vote(
            actor=actor, gathering=meeting(company, "theme_day"), rule="resolution", subject="x"
        )
    withdrawn = api.withdraw_vote(actor=actor, vote=closed, why="点错")
    assert withdrawn.state == Vote.State.WITHDRAWN and withdrawn.carried
