"""Indicators and what outside documents say of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from luodi.ground.evidence.api import attach
from luodi.ground.scope.api import Actor, Unit, is_site_wide, require_site_wide, within
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import dating
from luodi.rooms.programmes.models import Indicator, Observation
from luodi.rooms.programmes.verbs.checks import (
    VIEW,
    WRITE,
    in_order,
    require_unit,
    stored,
    written,
)

KEY = re.compile(r"[a-z][a-z0-9_]{1,58}")
ONE_DAY = dt.timedelta(days=1)
MOST = Decimal(10) ** 18


@transaction.atomic
def save_indicator(
    *,
    actor: Actor,
    key: str,
    name: str,
    kind: str,
    definition: str,
    name_en: str = "",
    synonyms: Sequence[str] = (),
    measure: str = "",
    places: int = 1,
    words: Sequence[str] = (),
    source: str = "",
    indicator: Indicator | None = None,
) -> Indicator:
    """Defines an indicator, or changes its words; key and kind stay, as figures stand on them.

    It is everybody's where the actor manages the whole site, else the actor's own unit's; only they
    change it who could have defined it.
    """
    unit = indicator.unit if indicator else _own_unit(actor)
    if unit is None:
        require_site_wide(actor, WRITE)
    else:
        actor.require(WRITE, unit.path)
    row = indicator or Indicator(key=key.strip(), kind=Indicator.Kind(kind), unit=unit)
    if indicator is None and not KEY.fullmatch(row.key):
        raise UserError(_("代号用小写英文字母、数字和下划线，以字母开头。"), "key")
    row.words = [one.strip() for one in words if one.strip()]
    if row.kind == Indicator.Kind.CLASS and len(row.words) < 2:
        raise UserError(_("请列出等次，从高到低，至少两个。"), "words")
    row.name, row.name_en = written(name, "name", 60), name_en.strip()[:80]
    row.synonyms = [one.strip() for one in synonyms if one.strip()]
    row.measure, row.places = measure.strip()[:16], min(max(places, 0), 6)
    row.definition, row.source = written(definition, "definition"), source.strip()[:200]
    stored(row, _("代号“%(key)s”已有指标使用。") % {"key": row.key}, "key")
    return row


def _own_unit(actor: Actor) -> Unit | None:
    """The highest unit for which the actor writes; None for who writes for the whole site."""
    actor.require(WRITE)
    if is_site_wide(actor, WRITE):
        return None
    held = [one for one in actor.holdings if WRITE in one.role.permissions]
    return Unit.objects.get(pk=min(held, key=lambda one: len(one.path)).unit_id)


def indicators_of(actor: Actor) -> QuerySet[Indicator]:
    """The shared indicators, those of the actor's units and those below and above these."""
    if actor.everything:
        return Indicator.objects.all()
    ids = {int(part) for held in actor.holdings for part in held.path.strip(".").split(".")}
    below = Unit.objects.filter(within(actor.ranges_of(VIEW))).values("pk")
    return Indicator.objects.filter(Q(unit=None) | Q(unit_id__in=ids) | Q(unit_id__in=below))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document says: amounts, or a place of so many, or a class."""

    base: Decimal | None = None
    current: Decimal | None = None
    place: int | None = None
    participants: int | None = None
    word: str = ""


@transaction.atomic
def observe(
    *,
    actor: Actor,
    indicator: Indicator,
    unit: Unit,
    since: dt.date,
    until: dt.date,
    organisation: str,
    document: str,
    base: Decimal | None = None,
    current: Decimal | None = None,
    place: int | None = None,
    participants: int | None = None,
    word: str = "",
    remark: str = "",
    file: UploadedFile[bytes] | None = None,
    at: dt.datetime | None = None,
) -> Observation:
    """Enters what a document says of an indicator of a unit, from `since` to `until` (both
    included). Raises UserError for what the indicator does not take, or a second word on the same
    days: that is a correction."""
    require_unit(actor, unit)
    in_order(since, until)
    said = _checked(indicator, Statement(base, current, place, participants, word.strip()))
    row = Observation(
        indicator=indicator,
        unit=unit,
        valid=dating.period(since, until + ONE_DAY),
        entered_by_id=actor.account_id or None,
    )
    _fill(row, said, organisation, document, remark)
    dating.opening(row, dating.moment(at), _("这段时间的数据已经有了；如有变化，请更正原来的。"))
    _keep(actor, row, file, at)
    return row


@transaction.atomic
def correct_observation(
    *,
    actor: Actor,
    observation: Observation,
    organisation: str,
    document: str,
    base: Decimal | None = None,
    current: Decimal | None = None,
    place: int | None = None,
    participants: int | None = None,
    word: str = "",
    remark: str = "",
    file: UploadedFile[bytes] | None = None,
    at: dt.datetime | None = None,
) -> Observation:
    """Enters a revised statement of the same period; what was known before can still be read."""
    require_unit(actor, observation.unit)
    said = _checked(
        observation.indicator, Statement(base, current, place, participants, word.strip())
    )
    old = dating.locked(observation)
    new = dating.clone(old, entered_by_id=actor.account_id or None)
    _fill(new, said, organisation, document, remark)
    [row] = dating.replaced(old, [new], dating.moment(at), _("这段时间的数据已经有了。"))
    _keep(actor, row, file, at)
    return row


@transaction.atomic
def withdraw_observation(
    *, actor: Actor, observation: Observation, at: dt.datetime | None = None
) -> None:
    """Takes back a statement that was entered by mistake; that it was entered stays known."""
    require_unit(actor, observation.unit)
    dating.replaced(dating.locked(observation), [], dating.moment(at), "")


def _checked(indicator: Indicator, said: Statement) -> Statement:
    """The statement, with only what its kind takes. Raises UserError where that is missing."""
    for field in ("base", "current"):
        amount = getattr(said, field)
        if amount is not None and not (amount.is_finite() and abs(amount) < MOST):
            raise UserError(_("这个数太大了。"), field)
    match Indicator.Kind(indicator.kind):
        case Indicator.Kind.GROWTH:
            if said.base is None and said.current is None:
                raise UserError(_("请填写基期值和报告期值。"), "current")
            return Statement(base=said.base, current=said.current)
        case Indicator.Kind.AMOUNT:
            if said.current is None:
                raise UserError(_("请填写报告期值。"), "current")
            return Statement(base=said.base, current=said.current)
        case Indicator.Kind.COUNT:
            return Statement()
        case Indicator.Kind.RANK:
            return _ranked(said)
        case Indicator.Kind.CLASS:
            if said.word not in indicator.words:
                listed = "、".join(indicator.words)
                raise UserError(_("等次应是其中之一：%(words)s。") % {"words": listed}, "word")
            return Statement(word=said.word)


def _ranked(said: Statement) -> Statement:
    if said.place is None or said.place < 1:
        raise UserError(_("请填写位次，1 为第一。"), "place")
    if said.participants is None or said.participants < said.place:
        raise UserError(_("请填写参加单位数，不少于位次。"), "participants")
    if said.participants > 100_000:
        raise UserError(_("这个数太大了。"), "participants")
    return Statement(place=said.place, participants=said.participants)


def _fill(row: Observation, said: Statement, organisation: str, document: str, remark: str) -> None:
    row.base, row.current, row.word = said.base, said.current, said.word
    row.place, row.participants = said.place, said.participants
    row.organisation = written(organisation, "organisation", 120)
    row.document = written(document, "document", 200)
    row.remark = remark.strip()[:300]


def _keep(
    actor: Actor,
    row: Observation,
    file: UploadedFile[bytes] | None,
    at: dt.datetime | None,
) -> None:
    if file:
        attach(
            actor=actor,
            unit=row.unit,
            upload=file,
            subject="programmes_observation",
            subject_id=row.pk,
            at=at,
        )
