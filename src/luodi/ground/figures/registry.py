"""Which figures there are: each app's `figures.py`, found at start-up, and those made of data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from luodi.ground.figures.counting import count_of
from luodi.ground.figures.definition import Figure, Provider
from luodi.ground.records.api import resources_of
from luodi.lib.errors import NotFound
from luodi.manifest import brought, module_of

_declared: dict[str, Figure] = {}
_providers: list[Provider] = []


def autodiscover() -> None:
    """Takes what every app's `figures.py` declares in `figures()`, and the counts of its records."""
    _declared.clear()
    for config, manifest in brought():
        module = module_of(config, "figures")
        counts = (count_of(one) for one in resources_of(manifest) if one.measure)
        for one in (*(module.figures() if module else ()), *counts):
            if one.key in _declared:
                raise ImproperlyConfigured(f"two figures are called {one.key}")
            _declared[one.key] = one


def room_of(figure: Figure) -> str:
    """What a figure is about, by the label of the app that keeps it."""
    app = figure.key.partition(".")[0]
    return next((str(manifest.label) for config, manifest in brought() if config.label == app), app)


def provide(provider: Provider) -> None:
    """Adds figures that are data (a register's): `provider` is asked at each use."""
    if provider not in _providers:
        _providers.append(provider)


def figures() -> list[Figure]:
    """All figures, as they were declared; those of providers as the transaction sees them."""
    return [*_declared.values(), *_provided(())]


def figure(key: str) -> Figure:
    """The figure of that key. Raises NotFound."""
    return figures_of([key])[key]


def figures_of(keys: Iterable[str]) -> dict[str, Figure]:
    """The figures of some keys; providers are asked once. Raises NotFound."""
    wanted = set(keys)
    found = {key: _declared[key] for key in wanted & _declared.keys()}
    if missing := wanted - found.keys():
        found |= {one.key: one for one in _provided(missing) if one.key in missing}
    for key in wanted - found.keys():
        raise NotFound(_("没有名为“%(key)s”的数据指标。") % {"key": key})
    return found


def _provided(keys: Collection[str]) -> Iterator[Figure]:
    for provider in _providers:
        yield from provider(keys)
