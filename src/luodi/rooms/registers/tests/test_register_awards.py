"""An award from its nominations to its entries; its result against a slow, obvious reference."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Entry
from luodi.rooms.registers.procedure import Jury, Tally, score_of, winners
from luodi.rooms.registers.verbs.awarding import forget_objectors

NOON = dt.datetime(2022, 3, 1, 4, tzinfo=dt.UTC)  # a Tuesday in China


def day(number: int) -> dt.datetime:
    return NOON + dt.timedelta(days=number)


def opened(zone: Zone, **rest: object) -> api.Round:
    register = api.install(actor=SYSTEM, unit=zone.zone, key="families")
    with acting(zone.actor("office")) as office:
        return api.open_round(
            actor=office, register=register, unit=zone.zone, name="2022年度", at=NOON, **rest
        )  # type: ignore[arg-type]


def test_from_nomination_to_award(zone: Zone) -> None:
    round_ = opened(zone, seats=1, notice_days=5)
    office, liaison, instructor = (zone.actor(one) for one in ("office", "liaison", "instructor"))
    with acting(liaison):
        for name in ("示例赵家", "示例钱家", "示例孙家"):
            api.nominate(
                actor=liaison, round_=round_, unit=zone.enterprise, name=name, reason="示例"
            )
        with pytest.raises(NotAllowed):
            api.nominate(
                actor=liaison, round_=round_, unit=zone.elsewhere, name="示例", reason="示例"
            )
        with pytest.raises(NotAllowed):
            api.advance(actor=liaison, round_=round_, at=day(1))
    first, second, third = round_.candidacies.all()
    with acting(office):
        api.advance(actor=office, round_=round_, at=day(1))
        with pytest.raises(UserError, match="还有没审核的"):
            api.advance(actor=office, round_=round_, at=day(1))
        api.review(actor=office, candidacy=first, passed=True)
        api.review(actor=office, candidacy=second, passed=True)
        with pytest.raises(UserError):
            api.review(actor=office, candidacy=third, passed=False)
        api.review(actor=office, candidacy=third, passed=False, words="材料不全（示例）")
        noticed = api.advance(actor=office, round_=round_, at=day(1))
        assert noticed.stage_until == dt.date(2022, 3, 9)  # five working days after Wednesday
        with pytest.raises(UserError):
            api.cast_ballot(actor=office, round_=round_, approves=[])
        with pytest.raises(UserError, match="还没有结束"):
            api.advance(actor=office, round_=round_, at=day(8))
        objection = api.object_to(actor=office, candidacy=first, text="示例异议", at=day(3))
        api.advance(actor=office, round_=round_, at=day(9))
        with pytest.raises(UserError, match="还没有投票的评审组"):
            api.advance(actor=office, round_=round_, at=day(9))
        with pytest.raises(UserError):  # one who did not pass is not on the ballot
            api.cast_ballot(actor=office, round_=round_, approves=[third.pk])
        with pytest.raises(UserError):  # more than there are seats
            api.cast_ballot(actor=office, round_=round_, approves=[first.pk, second.pk])
        api.cast_ballot(actor=office, round_=round_, approves=[first.pk])
        with pytest.raises(UserError, match="已经投过"):
            api.cast_ballot(actor=office, round_=round_, approves=[second.pk])
    with acting(instructor):
        api.cast_ballot(actor=instructor, round_=round_, approves=[second.pk])
    with acting(liaison):
        api.cast_ballot(actor=liaison, round_=round_, approves=[second.pk])
    with acting(office):
        found = {one.candidacy.name: one.score for one in api.results(round_)}
        # weights 60 and 40: half of the panel; half of the panel and all of the staff
        assert found == {"示例钱家": Decimal("70.00"), "示例赵家": Decimal("30.00")}
        api.advance(actor=office, round_=round_, at=day(10))
        with pytest.raises(UserError, match="没处理的异议"):
            api.advance(actor=office, round_=round_, at=day(10))
        api.resolve(actor=office, objection=objection, upheld=True, answer="属实（示例）")
        done = api.advance(actor=office, round_=round_, at=day(10))
    assert done.closed_at is not None
    entry = Entry.objects.get()
    assert entry.title == "示例钱家" and entry.unit == zone.enterprise
    assert entry.since == dt.date(2022, 3, 11)
    with pytest.raises(UserError, match="已经结束"):
        api.advance(actor=SYSTEM, round_=round_)
    assert forget_objectors(done.closed_at + dt.timedelta(days=3 * 365 - 2)) == 0
    assert forget_objectors(done.closed_at + dt.timedelta(days=3 * 366)) == 1
    objection.refresh_from_db()
    assert objection.by == "" and objection.text


def test_an_upheld_objection_bars_even_the_best(zone: Zone) -> None:
    round_ = opened(zone, notice_days=0, threshold=0, weights={"masses": 1, "panel": 3})
    with acting(SYSTEM):
        for name in ("示例赵家", "示例钱家"):
            api.nominate(actor=SYSTEM, round_=round_, unit=zone.enterprise, name=name, reason="例")
        api.advance(actor=SYSTEM, round_=round_)
        for one in round_.candidacies.all():
            api.review(actor=SYSTEM, candidacy=one, passed=True)
        api.advance(actor=SYSTEM, round_=round_)
        api.advance(actor=SYSTEM, round_=round_)
    best = round_.candidacies.get(name="示例赵家")
    for role in ("liaison", "secretary"):
        with acting(zone.actor(role)) as actor:
            api.cast_ballot(actor=actor, round_=round_, approves=[best.pk])
    objection = api.object_to(actor=SYSTEM, candidacy=best, text="示例", by="示例某")
    api.resolve(actor=SYSTEM, objection=objection, upheld=True, answer="示例")
    top, _other = api.results(round_)
    assert top.candidacy == best and top.score == 100 and top.barred and not top.awarded


def test_a_ballot_is_seen_by_its_voter_and_the_organisers(zone: Zone) -> None:
    round_ = opened(zone, notice_days=0)
    api.nominate(actor=SYSTEM, round_=round_, unit=zone.zone, name="示例", reason="例")
    api.advance(actor=SYSTEM, round_=round_)
    api.review(actor=SYSTEM, candidacy=round_.candidacies.get(), passed=True)
    api.advance(actor=SYSTEM, round_=round_)
    api.advance(actor=SYSTEM, round_=round_)
    from luodi.rooms.registers.models import Ballot

    for role in ("liaison", "branch_secretary"):
        with acting(zone.actor(role)) as actor:
            api.cast_ballot(actor=actor, round_=round_, approves=[])
            assert Ballot.objects.count() == 1
    with acting(zone.actor("office")):
        assert Ballot.objects.count() == 2
    with acting(zone.actor("department_officer")):
        assert Ballot.objects.count() == 0


JURIES = st.lists(
    st.tuples(st.integers(1, 1000), st.lists(st.booleans(), max_size=9)), min_size=1, max_size=5
)


@given(JURIES)
def test_the_score_against_a_reference(juries: list[tuple[int, list[bool]]]) -> None:
    tallies = [
        Tally(Jury(str(n), "", "", weight, ()), sum(votes), len(votes))
        for n, (weight, votes) in enumerate(juries)
    ]
    found = score_of(tallies)
    if any(not votes for _weight, votes in juries):
        assert found is None
        return
    # the share of each jury, once for each unit of its weight
    shares = [
        Fraction(votes.count(True), len(votes)) for weight, votes in juries for _ in range(weight)
    ]
    exact = 100 * sum(shares, Fraction(0)) / len(shares)
    assert found is not None and abs(Fraction(found) - exact) <= Fraction(1, 200)
    half = Decimal(exact.numerator) / Decimal(exact.denominator)
    assert abs(found - half.quantize(Decimal("0.01"), ROUND_HALF_UP)) <= Decimal("0.01")


@given(
    st.lists(st.integers(0, 10).map(Decimal), max_size=12),
    st.integers(1, 5),
    st.integers(0, 10).map(Decimal),
)
def test_winners_against_a_reference(scores: list[Decimal], seats: int, least: Decimal) -> None:
    won = winners(enumerate(scores), seats, least)
    for key, score in enumerate(scores):
        better = sum(other > score for other in scores)
        assert (key in won) == (score >= least and better < seats)
