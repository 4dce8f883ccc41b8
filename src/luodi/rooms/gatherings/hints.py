"""Hints from rules against formalism, where they have numbers; none of them refuses anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luodi.rooms.gatherings.kinds import Source, limits
from luodi.rooms.gatherings.models import Gathering

MINUTES = re.compile(r"(\d{1,3})\s*(?:分钟|分|min)")
HOURS = re.compile(r"(\d{1,2}(?:\.\d)?)\s*(?:个?小时|h\b)")
SPEECH = re.compile(r"讲话|报告|致辞|发言|speech|report", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence, and the rule that it is from."""

    text: str
    source: Source


def hints_of(gathering: Gathering) -> list[Hint]:
    """What the rules with numbers say of a gathering as it is planned or was held."""
    found = []
    limit = limits()["speech"]
    for line in gathering.agenda.splitlines():
        minutes = planned_minutes(line)
        if minutes and minutes > limit.minutes and SPEECH.search(line):
            said = _("“%(line)s”计划 %(minutes)s 分钟；规定主要讲话一般不超过 %(most)s 分钟。")
            words = {"line": line.strip()[:40], "minutes": minutes, "most": limit.minutes}
            found.append(Hint(said % words, limit.source))
    return found


def planned_minutes(line: str) -> int | None:
    """How long a line of an agenda says that it takes: `作报告 75分钟`, `报告（1.5小时）`."""
    if match := MINUTES.search(line):
        return int(match[1])
    if match := HOURS.search(line):
        return round(float(match[1]) * 60)
    return None
