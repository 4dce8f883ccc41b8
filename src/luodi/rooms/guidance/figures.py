"""The numbers that guides rest on: each is a figure, read at a day from the edition known then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.figures.api import Figure, Kind, Row, Time, provide
from luodi.ground.figures.api import Question as Asking
from luodi.rooms.guidance.document import Document, Parameter, Question
from luodi.rooms.guidance.logic import Test, tests_of
from luodi.rooms.guidance.models import Edition
from luodi.rooms.guidance.published import document_in


def figures() -> Iterator[Figure]:
    """None is declared here: they are what published guides say."""
    provide(provider)
    return iter(())


def provider(keys: Collection[str]) -> Iterator[Figure]:
    """The numbers of all published guides that the reader sees, or those with `keys`."""
    wanted = {key.split(".")[1] for key in keys if key.startswith("guidance.")}
    if keys and not wanted:
        return
    rows = Edition.objects.filter(published_at__isnull=False, withdrawn_at=None)
    if wanted:
        rows = rows.filter(guide__key__in=wanted)
    rows = rows.order_by("guide", "-number").distinct("guide").select_related("guide__unit")
    for edition in rows:
        for one in document_in(edition).parameters:
            yield _figure(edition, one)
            if question := question_of(document_in(edition), one):
                yield _first(edition, one, question)


def question_of(document: Document, one: Parameter) -> Question | None:
    """The question whose answers are compared with a number; None where there is none."""
    return next((document.question(test.question) for test in _tests(document, one)), None)


def _tests(document: Document, one: Parameter) -> Iterator[Test]:
    for condition in document.conditions.values():
        for test in tests_of(condition):
            if test.parameter and test.against == one.key:
                yield test


def first_above(document: Document, one: Parameter, value: Decimal, step: Decimal) -> Decimal:
    """The first answer, by the question's step, on the upper side of a number: with "more than" the
    number itself is not there yet."""
    return value + step if next(_tests(document, one)).sign in {">", "<="} else value


def _first(edition: Edition, one: Parameter, question: Question) -> Figure:
    """From which answer on it counts: what "over 38.5" means on a thermometer."""
    words = {"guide": edition.guide.name, "label": one.label}
    plain = _figure(edition, one)
    return replace(
        plain,
        key=f"{plain.key}.from",
        name=_("%(guide)s：%(label)s，起算") % words,
        rows=partial(rows_of, edition.guide_id, edition.guide.unit.path, one.key, first=True),
        definition=_(
            "指引“%(guide)s”里从哪个数起算在“%(label)s”的上侧：按规则的“大于”或“不少于”，"
            "和问题的最小刻度算出。"
        )
        % words,
        places=max(plain.places, -int(question.step.as_tuple().exponent)),
    )


def _figure(edition: Edition, one: Parameter) -> Figure:
    words = {"guide": edition.guide.name, "label": one.label}
    places = max(-int(stated.value.as_tuple().exponent) for stated in one.values)
    stated = one.values[-1]
    return Figure(
        key=f"guidance.{edition.guide.key}.{one.key}",
        name=_("%(guide)s：%(label)s") % words,
        unit=one.unit,
        kind=Kind.GREATEST,
        time=Time.DAY,
        rows=partial(rows_of, edition.guide_id, edition.guide.unit.path, one.key),
        definition=_("指引“%(guide)s”所依据的数，按当天有效的规定；没有有效规定时没有数。") % words,
        places=max(places, 0),
        permission="guidance.view",
        source=document_in(edition).source(stated.source).title,
    )


def rows_of(guide: int, path: str, key: str, question: Asking, *, first: bool = False) -> list[Row]:
    """What held on the day, as the edition that was read at that instant says it."""
    asked = question.unit.path
    if not (asked.startswith(path) or path.startswith(asked)):
        return []
    rows = Edition.objects.filter(guide=guide, published_at__isnull=False)
    if question.known_at:
        since, withdrawn = Q(published_at__lte=question.known_at), Q(withdrawn_at=None)
        rows = rows.filter(since, withdrawn | Q(withdrawn_at__gt=question.known_at))
    else:
        rows = rows.filter(withdrawn_at=None)
    edition = rows.order_by("-number").select_related("guide").first()
    one = document_in(edition).parameter(key) if edition else None
    stated = one.on(question.until) if one else None
    if edition is None or one is None or stated is None:
        return []
    document = document_in(edition)
    source, amount = document.source(stated.source), stated.value
    asked_as = question_of(document, one)
    if first and asked_as:
        amount = first_above(document, one, amount, asked_as.step)
    return [
        Row(
            key=f"guidance_edition:{edition.pk}/{key}",
            label=f"{one.label}（{source.title}）",
            amount=amount,
            on=stated.since,
            url=reverse("guidance:guide", args=[edition.guide_id]),
        )
    ]
