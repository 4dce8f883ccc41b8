"""From dated facts to what is done, what is next, earliest and latest when, and what is missing.

Nothing here is stored: whoever corrects an earlier step moves all that follows from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from luodi.rooms.directory.api import Stage
from luodi.rooms.pathways.rules.steps import (
    BIRTH,
    DEFERRED,
    EXTENSION,
    PROBATION_END,
    STEPS,
    TRAINING_DAYS,
    TRAINING_HOURS,
    YEAR,
    Bound,
    Outcome,
    Step,
    Words,
)
from luodi.rooms.pathways.rules.times import Span, birthday, later, stretched


@dataclass(frozen=True, slots=True)
class Done:
    """One dated fact: a step on a day, with what came of it and what was shown for it."""

    step: str
    on: dt.date
    outcome: Outcome = Outcome.PASSED
    paper: bool = True
    people: int = 0
    days: float = 0
    hours: float = 0
    entitled: int = 0
    present: int = 0
    favour: int = 0
    months: int = 0
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """An interruption of the cultivation, until a day (exclusive)."""

    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class File:
    """All that the rules look at, of one person. `moved`: the days of transfers."""

    born_on: dt.date | None = None
    facts: tuple[Done, ...] = ()
    pauses: tuple[Pause, ...] = ()
    moved: tuple[dt.date, ...] = ()

    def of(self, key: str) -> list[Done]:
        """What was done in a step and came out well, the first first."""
        found = [one for one in self.facts if one.step == key and one.outcome is Outcome.PASSED]
        return sorted(found, key=lambda one: one.on)

    def on(self, key: str) -> dt.date | None:
        """The day of a step; of one that is repeated, the last."""
        found = self.of(key)
        return found[-1].on if found else None

    def without(self, fact: Done) -> File:
        """The file as it would be without one fact."""
        rest = list(self.facts)
        rest.remove(fact)
        return replace(self, facts=tuple(rest))


class Why(StrEnum):
    """Why a step cannot be entered so."""

    BEFORE = "before"
    EARLY = "early"
    LATE = "late"
    PAPER = "paper"
    PEOPLE = "people"
    TRAINING = "training"
    QUORUM = "quorum"
    MAJORITY = "majority"
    EXTENSION = "extension"
    EXTENDED = "extended"
    AGAIN = "again"
    PAUSED = "paused"
    BIRTH = "birth"


# What a superior may let pass with a reason. Votes and counted ages are facts: nobody lets them pass.
WAIVED = frozenset({Why.BEFORE, Why.EARLY, Why.LATE, Why.PAPER, Why.PEOPLE, Why.TRAINING})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands against a step: with the article, the day that it might be, and how many days lack."""

    why: Why
    article: Words
    day: dt.date | None = None
    days: int = 0
    steps: tuple[str, ...] = ()
    age: bool = False

    @property
    def waivable(self) -> bool:
        return self.why in WAIVED and not self.age


@dataclass(frozen=True, slots=True)
class StepState:
    """Where one step stands on a day. `open`: all before it is done. `sure`: whether earliest follows
    from days that are past, or supposes that others are done as early as they may be."""

    step: Step
    facts: tuple[Done, ...]
    done: bool
    open: bool
    earliest: dt.date | None
    latest: dt.date | None
    sure: bool
    missing: tuple[str, ...]

    def late_on(self, day: dt.date) -> bool:
        return self.open and not self.done and self.latest is not None and self.latest < day

    def ready_on(self, day: dt.date) -> bool:
        return self.open and not self.done and (self.earliest is None or self.earliest <= day)


def probation(file: File) -> tuple[dt.date, dt.date] | None:
    """From the branch meeting's vote until the day from which one may be a full member.

    One year; an extension is added to its end (第三十二条). None where nobody voted yet.
    """
    begin = file.on("meeting")
    if begin is None:
        return None
    end = later(begin, YEAR)
    for one in file.facts:
        if one.step == "confirm" and one.outcome is Outcome.EXTENDED:
            end = later(end, Span(one.months))
    return begin, end


def stages(file: File) -> list[tuple[Stage, dt.date]]:
    """The stages that a person has reached, each with its first day.

    A candidate is one from the superior's filing on; probation counts from the vote once it is
    approved, full membership from the end of probation once that is.
    """
    found: list[tuple[Stage, dt.date]] = []
    for step in STEPS.values():
        on = file.on(step.key)
        if step.becomes is None or on is None:
            continue
        period = probation(file)
        if step.becomes is Stage.PROBATIONARY and period:
            on = period[0]
        elif step.becomes is Stage.FORMAL and period:
            on = period[1]
        found.append((step.becomes, on))
    return found


def _anchor(file: File, step: Step, bound: Bound) -> dt.date | None:
    """The day that a period counts from."""
    if bound.since == BIRTH:
        return file.born_on
    if bound.since == PROBATION_END:
        period = probation(file)
        return period[1] if period else None
    if step.again and bound in step.most:
        return max(filter(None, (file.on(bound.since), file.on(step.key))), default=None)
    return file.on(bound.since)


def bound_day(file: File, step: Step, bound: Bound) -> dt.date | None:
    """The day that a bound comes to; None where what it counts from is not there yet, or an
    interruption has no end."""
    begin = _anchor(file, step, bound)
    if begin is None:
        return None
    if bound.since == BIRTH:
        return birthday(begin, bound.span.months // 12)
    if bound.pauses:
        return stretched(begin, bound.span, [(one.since, one.until) for one in file.pauses])
    day = later(begin, bound.span)
    if step.key == "confirm" and bound in step.most and _moved_in_probation(file):
        return later(begin, DEFERRED)
    return day


def _moved_in_probation(file: File) -> bool:
    period = probation(file)
    return period is not None and any(period[0] < day < period[1] for day in file.moved)


def _before(file: File, step: Step) -> tuple[str, ...]:
    return tuple(key for key in step.after if file.on(key) is None)


def standing(file: File, today: dt.date) -> dict[str, StepState]:
    """Where each of the steps stands on a day, in their order."""
    found: dict[str, StepState] = {}
    supposed = file
    for step in STEPS.values():
        facts = tuple(sorted((f for f in file.facts if f.step == step.key), key=lambda f: f.on))
        done = file.on(step.key) is not None
        missing = _before(file, step)
        earliest = _earliest(supposed, step)
        sure = not missing and _known(file, step)
        found[step.key] = StepState(
            step=step,
            facts=facts,
            done=done,
            open=not missing and (not done or step.again),
            earliest=None if done and not step.again else earliest,
            latest=_latest(file, step),
            sure=sure,
            missing=missing,
        )
        if not done and earliest is not None:
            day = max(earliest, today)
            supposed = replace(supposed, facts=(*supposed.facts, Done(step.key, day)))
    return _closed(found)


def _closed(found: dict[str, StepState]) -> dict[str, StepState]:
    """What is repeated ends with the step that it leads to."""
    for key, ends in (("review", "candidate"), ("observe", "confirm")):
        if found[ends].done:
            found[key] = replace(found[key], open=False, latest=None, earliest=None)
    return found


def _known(file: File, step: Step) -> bool:
    return all(_anchor(file, step, bound) is not None for bound in step.least)


def _earliest(file: File, step: Step) -> dt.date | None:
    """The first day on which the step may be; None where nobody can say."""
    days: list[dt.date] = []
    for key in step.after:
        on = file.of(key)[0].on if STEPS[key].again and file.of(key) else file.on(key)
        if on is None:
            return None
        days.append(on)
    for bound in step.least:
        day = bound_day(file, step, bound)
        if day is None and bound.since != BIRTH:
            return None
        if day is not None:
            days.append(day)
    return max(days, default=None)


def _latest(file: File, step: Step) -> dt.date | None:
    days = [bound_day(file, step, bound) for bound in step.most if not bound.hard]
    return min(filter(None, days), default=None)


def obstacles(file: File, fact: Done) -> list[Obstacle]:
    """What stands against entering a fact beside those of the file, worst first."""
    return list(_obstacles(file, fact, STEPS[fact.step]))


def findings(file: File) -> Iterator[tuple[Done, list[Obstacle]]]:
    """Facts of the file that would be refused today: what was put right elsewhere made them so."""
    for fact in file.facts:
        rest = file.without(fact)
        if fact.step == "confirm" and fact.outcome is not Outcome.EXTENDED:
            pass
        found = [
            one
            for one in obstacles(_until(rest, fact), fact)
            if one.why not in {Why.AGAIN, Why.EXTENDED}
        ]
        if found:
            yield fact, found


def _until(file: File, fact: Done) -> File:
    """For an extension: the file without what followed from it."""
    if fact.outcome is not Outcome.EXTENDED:
        return file
    kept = [one for one in file.facts if one.step not in {"confirm", "approve_formal", "archive"}]
    return replace(file, facts=tuple(kept))


def _obstacles(file: File, fact: Done, step: Step) -> Iterator[Obstacle]:
    if not step.again and fact.outcome is Outcome.PASSED and file.on(step.key) is not None:
        yield Obstacle(Why.AGAIN, step.article, file.on(step.key))
    if missing := _before(file, step):
        yield Obstacle(Why.BEFORE, step.article, steps=missing)
    yield from _times(file, fact, step)
    yield from _shown(fact, step)
    if step.vote:
        yield from _voted(fact, step)
    if fact.outcome is Outcome.EXTENDED:
        yield from _extension(file, fact, step)


def _times(file: File, fact: Done, step: Step) -> Iterator[Obstacle]:
    days = [
        on for key in step.after if (on := _first(file, key) if STEPS[key].again else file.on(key))
    ]
    before = max(days, default=None)
    if before is not None and fact.on < before:
        yield Obstacle(Why.EARLY, step.article, before, (before - fact.on).days)
    for bound in step.least:
        if bound.since == BIRTH and file.born_on is None:
            yield Obstacle(Why.BIRTH, bound.article)
            continue
        day = bound_day(file, step, bound)
        if day is not None and fact.on < day:
            lacking = (day - fact.on).days
            yield Obstacle(Why.EARLY, bound.article, day, lacking, age=bound.since == BIRTH)
        elif day is None and bound.pauses and file.on(bound.since) is not None:
            yield Obstacle(Why.PAUSED, bound.article)
    for bound in step.most:
        day = bound_day(file, step, bound) if bound.hard else None
        if day is not None and day < fact.on:
            yield Obstacle(Why.LATE, bound.article, day, (fact.on - day).days)


def _first(file: File, key: str) -> dt.date | None:
    found = file.of(key)
    return found[0].on if found else None


def _shown(fact: Done, step: Step) -> Iterator[Obstacle]:
    if step.paper and not fact.paper:
        yield Obstacle(Why.PAPER, step.article)
    least, most = step.people
    if most and not least <= fact.people <= most:
        yield Obstacle(Why.PEOPLE, step.article)
    if step.training and fact.days < TRAINING_DAYS and fact.hours < TRAINING_HOURS:
        yield Obstacle(Why.TRAINING, step.article)


def _voted(fact: Done, step: Step) -> Iterator[Obstacle]:
    """More than half of those entitled must be there, and for it (第二十条、第二十二条)."""
    if fact.present * 2 <= fact.entitled or fact.present > fact.entitled:
        yield Obstacle(Why.QUORUM, step.article)
    elif (
        fact.favour * 2 <= fact.entitled and fact.outcome is not Outcome.FAILED
    ) or fact.favour > fact.present:
        yield Obstacle(Why.MAJORITY, step.article)


def _extension(file: File, fact: Done, step: Step) -> Iterator[Obstacle]:
    if any(one.step == "confirm" and one.outcome is Outcome.EXTENDED for one in file.facts):
        yield Obstacle(Why.EXTENDED, step.article)
    least, most = EXTENSION
    if not least <= fact.months <= most:
        yield Obstacle(Why.EXTENSION, step.article)


def late(file: File, fact: Done) -> int:
    """By how many days a fact came after the time that its step has; 0 for in time."""
    rest, step = file.without(fact), STEPS[fact.step]
    if step.again:
        kept = [f for f in rest.facts if f.step != step.key or f.on <= fact.on]
        rest = replace(rest, facts=tuple(kept))
    latest = _latest(rest, step)
    return max((fact.on - latest).days, 0) if latest else 0


def earlier_facts(facts: Sequence[Done], day: dt.date) -> tuple[Done, ...]:
    """The facts up to a day."""
    return tuple(one for one in facts if one.on <= day)
