"""What a room brings: said by each app in one place, its `manifest.py`, and found at start-up.

An app that is in `INSTALLED_APPS` and has a module `manifest` with a `MANIFEST` is part of the product:
its permissions reach the roles, its places the navigation, its pages, operations, commands and figures
their indexes. Nothing else names an app. By convention an app's other modules are found by their
names where they exist: `urls.py` (pages, below `MANIFEST.prefix`), `rest.py` (`router`), `figures.py`
(`figures()`), `commands.py` (`add_to()`), `demo.py` (`build()`), `tests/matrix.py`.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Job(enum.StrEnum):
    """What one comes for: the groups of the navigation, in their order."""

    TODAY = "today"
    PROBLEMS = "problems"
    PEOPLE = "people"
    GATHERINGS = "gatherings"
    SERVICES = "services"
    LIVELIHOOD = "livelihood"
    NUMBERS = "numbers"
    ADMINISTRATION = "administration"


JOB_LABELS: dict[Job, Text] = {
    Job.TODAY: _("今天"),
    Job.PROBLEMS: _("企业的问题"),
    Job.PEOPLE: _("组织和人"),
    Job.GATHERINGS: _("活动"),
    Job.SERVICES: _("服务企业"),
    Job.LIVELIHOOD: _("民生"),
    Job.NUMBERS: _("数据指标和报告"),
    Job.ADMINISTRATION: _("管理"),
}


# Who gets a permission, where several rooms mean the same people: keys of `ground.scope.permissions`.
LEADERS = frozenset({"office", "secretary", "deputy", "county_officer"})
GUIDES = LEADERS | {"instructor"}
BRANCHES = GUIDES | {"branch_secretary"}
ENTERPRISES = BRANCHES | {"liaison"}
READERS = BRANCHES | {"part_time_member"}


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the navigation: shown to who has one of the permissions or powers, or to all.

    `phone`: its short label in the phone's bottom bar. `badge` counts what waits behind it.
    """

    url: str
    label: Text
    icon: str
    job: Job
    permissions: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    phone: Text = ""
    badge: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that rooms fill together: the workbench, a unit's file, a person's page.

    `of` takes the request and what the page is about (None on the workbench) and gives the context of
    `template`, or None where there is nothing to show to who asks. Parts stand by `rank`, the lowest
    first, in the wide column (`main`), the narrow one (`side`), above both (`top`), or among the page's
    buttons (`actions`).
    """

    template: str
    of: Callable[[Any, Any], Mapping[str, Any] | None]
    rank: int = 50
    place: str = "main"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry of a person's calendar feed: `at` is an instant, or a day for a whole-day entry.
    What lasts begins at `at` and has its end in `until`.

    changed_at, version: of its last change, so that a feed is the same until something changes; the
    version only rises.
    """

    uid: str
    summary: str
    url: str
    at: dt.datetime | dt.date
    changed_at: dt.datetime | None = None
    version: int = 0
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a unit on a day, for the timeline of its file."""

    on: dt.date
    text: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the search found: the best have the lowest `rank`."""

    title: str
    url: str
    note: str = ""
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds one kind of things by words, a part of a number or the initials of pinyin.

    `find(actor, text, limit)` gives the best hits that the actor may see; `more` the name of the
    address of the list that shows them all.
    """

    label: Text
    find: Callable[[Any, str, int], Iterable[Hit]]
    permissions: tuple[str, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for things: an account (with `unit`: as one of that unit only), or a unit itself.

    `within`: only for what belongs to that unit or stands below it.
    """

    account: Any = None
    unit: Any = None
    within: Any = None


@dataclass(frozen=True, slots=True)
class Heir:
    """Who takes things over: a person, or a unit's queue; neither: of each thing its own unit's."""

    account: Any = None
    unit: Any = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """A kind of things that accounts and units answer for, so that none is left to who is gone.

    `of(owner)`: the rows. `adrift(day)`: those whose owner is not there any more. `line(row)` shows
    one. `hand_to(actor=, row=, heir=, why=)` gives one to the heir where that can take it, else to
    the nearest unit that can; None where each is decided upon its own page. `more(owner)`: the
    address of the list that shows them all, "" for none.
    """

    label: Text
    of: Callable[[Owner], Any]
    adrift: Callable[[dt.date], Any]
    line: Callable[[Any], Hit]
    hand_to: Callable[..., object] | None = None
    more: Callable[[Owner], str] = lambda owner: ""


@dataclass(frozen=True, slots=True)
class History:
    """That a record of a table has a history page of its own; see `ground.audit.history`.

    `children`: the tables that belong to it, each with the column that points to it. `permission`:
    without which its entries are not shown (or a function of actor and entry). `page`: the address
    of a record's own page.
    """

    table: str
    children: Sequence[tuple[str, str]] = ()
    permission: Any = ""
    page: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A personal field: what it is for, on what basis, for how long (PIPL, 个人信息保护法)."""

    model: str
    name: str
    label: Text
    purpose: Text
    basis: Text
    retention: Text
    sensitive: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Indexed:
    """A model with a search vector. `rebuild(keys)` writes the vectors of some rows anew."""

    model: str
    rebuild: Callable[[list[int]], None]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the cockpit is about: a unit with all below it, as it stood at the end of a day.

    `now`: the day is today, so that what waits and what is late can be told too.
    """

    unit: Any
    on: dt.date
    now: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for whoever leads: what it is, how many, and where one decides."""

    label: Text
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """What somebody may do at once about something, from a message: `press()` does it, and its
    sentence says what came of it. Raises the verb's own refusals."""

    key: str
    label: Text
    press: Callable[[], Text]


class Declared(Protocol):
    """A kind of record declared once (`ground.records`): what it brings follows from it."""

    def places(self) -> Iterable[Place]: ...
    def unit_parts(self) -> Iterable[Part]: ...
    def finders(self) -> Iterable[Finder]: ...
    def histories(self) -> Iterable[History]: ...


@dataclass(frozen=True)
class Manifest:
    """What an app brings. `permissions`: each with the roles that get it, by their keys.

    `account_page` stands on one's own account; `ways_in` are other ways to sign in, as (label, address);
    `buttons(actor, url)` what the actor may do at once about what an address is about.
    The cockpit's parts are asked with an `Overview`; `headlines` are the keys of figures that stand on
    it until a unit has chosen others, and `decisions` what waits for whoever leads.
    `timeline(actor, unit, limit)` tells what happened to a unit, the latest first. `deadlines(actor,
    at)` go to the calendar feed. `actions` and `values` word the trail: what the app notes, and stored values that are no choices,
    by table and column. `imports`: by name, what takes in ledgers for an actor (`ground.imports`),
    and which of many is meant. `ready` is called once at start-up. `optional`: whether a zone may switch the
    room off.
    """

    label: Text
    prefix: str = ""
    permissions: Mapping[str, Collection[str]] = field(default_factory=dict)
    places: Sequence[Place] = ()
    workbench: Sequence[Part] = ()
    unit_page: Sequence[Part] = ()
    person_page: Sequence[Part] = ()
    account_page: Sequence[Part] = ()
    ways_in: Callable[[HttpRequest], Iterable[tuple[str, str]]] | None = None
    buttons: Callable[[Any, str], Iterable[Button]] | None = None
    cockpit: Sequence[Part] = ()
    headlines: Sequence[str] = ()
    decisions: Callable[[Any, Overview], Iterable[Decision]] | None = None
    timeline: Callable[[Any, Any, int], Iterable[Moment]] | None = None
    deadlines: Callable[[Any, dt.datetime], Iterable[Deadline]] | None = None
    search: Sequence[Finder] = ()
    indexed: Sequence[Indexed] = ()
    resources: Sequence[Declared] = ()
    imports: Mapping[str, Callable[[Any, str], Any]] = field(default_factory=dict)
    belongings: Sequence[Belonging] = ()
    histories: Sequence[History] = ()
    actions: Mapping[str, Text] = field(default_factory=dict)
    values: Mapping[tuple[str, str], Callable[[str], object]] = field(default_factory=dict)
    personal: Sequence[PersonalField] = ()
    ready: Callable[[], None] | None = None
    optional: bool = False


def brought() -> Iterator[tuple[AppConfig, Manifest]]:
    """Each app of the product with its manifest, in the order of the settings."""
    yield from _brought()


@cache
def _brought() -> tuple[tuple[AppConfig, Manifest], ...]:
    apps.check_apps_ready()
    found = []
    for config in apps.get_app_configs():
        module = module_of(config, "manifest")
        if module is not None:
            if not isinstance(manifest := getattr(module, "MANIFEST", None), Manifest):
                raise ImproperlyConfigured(f"{config.name}.manifest has no MANIFEST")
            found.append((config, _whole(manifest)))
    return tuple(found)


def _whole(manifest: Manifest) -> Manifest:
    """A manifest with what follows from its kinds of records."""
    declared = manifest.resources
    return replace(
        manifest,
        places=[*manifest.places, *(one for d in declared for one in d.places())],
        unit_page=[*manifest.unit_page, *(one for d in declared for one in d.unit_parts())],
        search=[*manifest.search, *(one for d in declared for one in d.finders())],
        histories=[*manifest.histories, *(one for d in declared for one in d.histories())],
    )


def manifests() -> list[Manifest]:
    """The manifests, in the order of the settings."""
    return [manifest for _config, manifest in brought()]


def module_of(config: AppConfig, name: str) -> ModuleType | None:
    """The app's module of that name, imported; None where it has none."""
    if config.module is None or not module_has_submodule(config.module, name):
        return None
    return import_module(f"{config.name}.{name}")


@cache
def permissions_of(role: str) -> frozenset[str]:
    """What a role may do: what the manifests give to it."""
    return frozenset(
        permission
        for manifest in manifests()
        for permission, roles in manifest.permissions.items()
        if role in roles
    )
