"""Where one can go: data. An address that no app serves yet is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the navigation: shown to who has one of the permissions or powers, or to all."""

    url: str
    label: str | Promise
    icon: str
    permissions: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    phone: str | Promise = ""  # its short label in the phone's bottom bar


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    places: tuple[Place, ...]


CASES = ("cases.view",)
GROUPS = (
    Group(
        "",
        (
            Place("home", _("工作台"), "home", phone=_("工作台")),
            Place("cases:problems", _("问题清单"), "problem", CASES, phone=_("问题")),
            Place("cases:responsibilities", _("责任清单"), "hand", CASES, phone=_("责任")),
            Place("cases:rectifications", _("整改清单"), "check", CASES),
            Place("cases:statistics", _("统计"), "chart", CASES),
            Place("programmes:board", _("四大工程"), "flag", ("programmes.view",)),
            Place("figures:catalogue", _("数字"), "number", CASES),
            Place("figures:check", _("核对文字"), "check", CASES),
            Place("reports:reports", _("报告"), "report", ("reports.view",)),
            Place("notices:inbox", _("消息"), "bell", phone=_("消息")),
        ),
    ),
    Group(
        _("档案"),
        (
            Place("directory:enterprises", pgettext("导航", "企业"), "enterprise", CASES),
            Place("directory:people", _("人员"), "people", ("people.view",)),
            Place("directory:branches", pgettext("导航", "党组织"), "flag", CASES),
            Place("registers:registers", _("台账"), "ledger", ("registers.view",)),
            Place("scope:tree", _("组织架构"), "tree"),
        ),
    ),
    Group(
        _("管理"),
        (
            Place("scope:accounts", _("账号与角色"), "key", ("accounts.write",)),
            Place("calendars:calendars", _("工作日历"), "calendar", ("calendar.write",)),
            Place(
                "cases:settings", _("事项设置"), "sliders", ("cases.template", "system.configure")
            ),
            Place("notices:deliveries", _("发送记录"), "send", ("notices.configure",)),
            Place("notices:robots", _("群机器人"), "robot", ("notices.configure",)),
            Place("directory:privacy", _("个人信息清单"), "shield", ("people.view",)),
            Place("audit:trail", _("审计记录"), "trail", powers=("trail",)),
            Place("audit:seals", _("封印"), "seal", powers=("trail",)),
        ),
    ),
)

# An app may say how many things wait behind a place: `BADGES["notices:inbox"] = count(request)`.
BADGES: dict[str, Callable[[HttpRequest], int]] = {}


@dataclass(frozen=True, slots=True)
class Link:
    """A place as this request shows it."""

    place: Place
    href: str
    here: bool
    badge: int


def navigation(request: HttpRequest) -> list[tuple[Group, list[Link]]]:
    """The groups with the links that the request's actor may follow; empty before signing in."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.account_id:
        return []
    shown = [
        (group, [link for p in group.places if (link := _link(request, p))]) for group in GROUPS
    ]
    here = max(
        (
            link.href
            for _group, links in shown
            for link in links
            if _is_under(request.path, link.href)
        ),
        key=len,
        default="",
    )
    return [
        (group, [replace(link, here=link.href == here) for link in links])
        for group, links in shown
        if links
    ]


def _is_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))


def _link(request: HttpRequest, place: Place) -> Link | None:
    actor = request.actor  # type: ignore[attr-defined]
    if (place.permissions or place.powers) and not (
        any(actor.may(one) for one in place.permissions)
        or any(one in actor.powers for one in place.powers)
    ):
        return None
    href = _href(place.url)
    if not href:
        return None
    badge = BADGES[place.url](request) if place.url in BADGES else 0
    return Link(place, href, here=False, badge=badge)


@cache
def _href(url: str) -> str:
    """The address of a place; "" where no app serves it."""
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""
