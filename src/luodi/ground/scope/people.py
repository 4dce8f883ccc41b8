"""A form field that takes an account by its holder's name; those of one name are told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor
from luodi.ground.scope.fields import CANDIDATES, SUGGESTED, RecordField
from luodi.ground.scope.models import Account, RoleHolding, Unit
from luodi.ground.scope.permissions import UnitKind
from luodi.ground.scope.reach import units_known
from luodi.ground.scope.who import today
from luodi.lib.names import common_form, loose
from luodi.manifest import Heir


def people() -> QuerySet[Account]:
    """Those who are there today: active, no service account, with a role on an open unit."""
    held = RoleHolding.objects.on(today()).filter(unit__closed_on=None).select_related("unit")
    there = Account.objects.filter(is_active=True, is_service=False, pk__in=held.values("account"))
    return there.prefetch_related(Prefetch("roles", held.order_by("unit__path"), "serves"))


def colleagues(account: Account) -> QuerySet[Account]:
    """Those who may stand in for somebody: of the same units, or of those above them."""
    paths = account.roles.on(today()).values_list("unit__path", flat=True)
    units = {int(part) for path in paths for part in path.strip(".").split(".")}
    held = RoleHolding.objects.on(today()).filter(unit_id__in=units)
    return people().filter(pk__in=held.values("account")).exclude(pk=account.pk)


def told_apart(accounts: Iterable[Account]) -> dict[int, str]:
    """Names to choose from: with the unit, and the sign-in name where that is not enough."""
    found = list(accounts)
    names = {one.pk: _at_unit(one) for one in found}
    said = Counter(names.values())
    return {
        one.pk: names[one.pk] if said[names[one.pk]] == 1 else f"{names[one.pk]} #{one.pk}"
        for one in found
    }


def names_of(accounts: Iterable[Account]) -> dict[int, str]:
    """Names for a short choice: the name alone where nobody else there has it."""
    found = list(accounts)
    said = Counter(one.name for one in found)
    twice = told_apart(one for one in found if said[one.name] > 1)
    return {one.pk: twice.get(one.pk, one.name) for one in found}


def known_people(actor: Actor) -> QuerySet[Account]:
    """Whose names are the actor's business, of today and before: all who serve, or served, above
    enterprises, and in the enterprises that the actor's roles reach."""
    reach = Q()
    for held in () if actor.everything else actor.holdings:
        for start, end in held.ranges:
            reach |= Q(unit__path__gte=start, unit__path__lt=end)
    above = ~Q(unit__kind__in=[UnitKind.ENTERPRISE, UnitKind.BRANCH, UnitKind.CARE_HOME])
    known = Unit.objects.filter(units_known(actor)).values("pk")
    held_ones = RoleHolding.objects.filter(Q() if actor.everything else above | reach)
    held_ones = held_ones.filter(unit__in=known)
    return Account.objects.filter(is_service=False, pk__in=held_ones.values("account"))


def _at_unit(account: Account) -> str:
    held: Sequence[RoleHolding] | None = getattr(account, "serves", None)
    if held is None:
        held = list(account.roles.on(today()).select_related("unit").order_by("unit__path")[:1])
    return f"{account.name}（{held[0].unit.name}）" if held else account.name


class AccountField(RecordField):
    """Somebody by name, in any spelling: `name`, `name（unit）` or `name #id`.

    `plain`: proposes names alone, in one query, as the filter of a list can afford it.
    """

    def __init__(
        self, rows: QuerySet[Any] | None = None, *, plain: bool = False, **options: Any
    ) -> None:
        self.plain = plain
        super().__init__(rows, ("name",), **options)
        if rows is None:
            self.offer(Account.objects.none())

    def _names(self) -> Any:
        if self.plain:
            names = self.rows.order_by("name").values_list("name", flat=True)
            return names.distinct()[:SUGGESTED]
        return told_apart(self.rows.order_by("name", "pk")[:SUGGESTED]).values()

    def prepare_value(self, value: object) -> object:
        return _at_unit(value) if isinstance(value, Account) else value

    def _called(self, text: str, how: str) -> list[Any]:
        if how:
            return list(self.rows.filter(name__iregex=loose(text))[:CANDIDATES])
        name, _bracket, _unit = text.removesuffix("）").partition("（")
        named = list(self.rows.filter(name__iregex=f"^{loose(name)}$")[:SUGGESTED])
        at = [one for one in named if common_form(_at_unit(one)) == common_form(text)]
        return (at or named)[:CANDIDATES]

    def missing(self, text: str) -> str:
        return _("没有叫“%(text)s”的在岗人员，或您无权查看。") % {"text": text}

    def several(self, found: Sequence[Model]) -> str:
        names = _("、").join(f"{_at_unit(one)} #{one.pk}" for one in found)  # type: ignore[arg-type]
        return _("有几位同名，请写成其中一个：%(names)s。") % {"names": names}


class HeirField(AccountField):
    """Who takes over: a person; nobody named: the units' queues."""

    def clean(self, value: object) -> Heir:
        return Heir(account=super().clean(value))
