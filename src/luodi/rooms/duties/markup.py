"""The cells of the year and of the board, written without a template: a board has thousands of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit
from luodi.rooms.duties.held import Meeting
from luodi.rooms.duties.models import STATES, Duty
from luodi.rooms.duties.reading import Slot
from luodi.rooms.duties.windows import State

NUMBER = 10**9  # stands for a key while an address is made
FEW = 2  # days that a cell of the board shows
SAID = 20  # signs of a reason that it shows
NONE = '<td role="cell" class="p-line none">—</td>'


def _address(name: str) -> Callable[[int], str]:
    """The address of a page, by its key: found once, because there are thousands of links."""
    before, after = reverse(name, args=[NUMBER]).split(str(NUMBER))
    return lambda pk: f"{before}{pk}{after}"


def _chips() -> dict[State, str]:
    return {
        state: f'<span class="light {tone}">{escape(label)}</span>'
        for state, (label, tone) in STATES.items()
    }


def _day(meeting: Meeting, address: Callable[[int], str], more: str = "") -> str:
    title = escape(meeting.title)
    return (
        f'<a class="nowrap" href="{address(meeting.pk)}" title="{title}">'
        f"{more}{meeting.on:%m-%d}</a>"
    )


def slot_writer() -> Callable[[Slot], SafeString]:
    """Writes what stands in a cell of a unit's year."""
    chips, address = _chips(), _address("gatherings:gathering")
    planned = escape(_("已安排")) + " "

    def write(one: Slot) -> SafeString:
        parts = [chips[one.state], *(_day(meeting, address) for meeting in one.held)]
        if not one.held:
            parts += [_day(meeting, address, planned) for meeting in one.planned]
        if one.owed.wanted > 1:
            parts.append(_quiet(f"{one.done}/{one.owed.wanted}"))
        if one.excuse and one.state is State.EXCUSED:
            parts.append(_quiet(one.excuse.reason))
        elif one.state is State.NOT_ASKED:
            parts.append(_quiet(_("%(day)s才成立") % {"day": f"{one.owed.start:%m-%d}"}))
        return mark_safe(" ".join(parts))  # noqa: S308 - each part is escaped

    return write


def _quiet(text: str) -> str:
    return f'<span class="text-secondary">{escape(text)}</span>'


def board_rows(
    duties: Sequence[Duty], rows: Iterable[tuple[Unit, Sequence[Slot | None]]], year: int
) -> list[SafeString]:
    """The rows of the board: a unit with the cells of its duties."""
    chips, address, home = _chips(), _address("gatherings:gathering"), _address("duties:year")
    starts = [f'<td role="cell" class="p-line" data-label="{escape(one)}">' for one in duties]
    planned, comma = escape(_("已安排")), escape(_("、"))

    @cache
    def until(day: str) -> str:
        return escape(_("%(day)s前") % {"day": day})

    def when(one: Slot) -> str:
        if one.held:
            days = comma.join(_day(meeting, address) for meeting in one.held[:FEW])
            return days + ("…" if one.done > FEW else "")
        if one.planned:
            return f"{planned} {one.planned[0].on:%m-%d}"
        if one.state is State.DUE or one.state is State.RISK:
            return until(f"{one.last:%m-%d}")
        if one.excuse:
            reason = one.excuse.reason
            return escape(reason if len(reason) <= SAID else reason[: SAID - 1] + "…")
        return ""

    def cell(start: str, one: Slot | None) -> str:
        if one is None:
            return NONE
        said = when(one)
        return f"{start}{chips[one.state]}{said and f' <span class=when>{said}</span>'}</td>"

    return [
        mark_safe(  # noqa: S308 - each part is escaped
            f'<td role="cell" class="p-title"><a href="{home(unit.pk)}?year={year}">'
            f"{escape(unit)}</a></td>" + "".join(map(cell, starts, row))
        )
        for unit, row in rows
    ]
