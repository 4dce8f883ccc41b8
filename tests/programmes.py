"""A programme, a measure, a target of the zone: the first there is, or a new one."""

from __future__ import annotations

import datetime as dt

from luodi.rooms.programmes import api
from luodi.rooms.programmes.api import Measure, Programme, Target
from tests.zone import Zone

SINCE, DUE = dt.date(2021, 1, 1), dt.date(2022, 12, 31)


def programme_of(zone: Zone, **rest: object) -> Programme:
    given = {"unit": zone.zone, "name": "示例工程", "since": SINCE, "until": DUE}
    return api.save_programme(actor=zone.actor("office"), **{**given, **rest})


def measure_of(zone: Zone, **rest: object) -> Measure:
    given = {"text": "示例举措", "owner_unit": zone.zone, "since": SINCE, "due_on": DUE}
    given["programme"] = Programme.objects.first() or programme_of(zone)
    return api.save_measure(actor=zone.actor("office"), **{**given, **rest})


def target_of(zone: Zone, **rest: object) -> Target:
    given = {
        "figure": "directory.districts",
        "comparison": ">=",
        "value": "5",
        "since": SINCE,
        "due_on": DUE,
    }
    given["measure"] = Measure.objects.first() or measure_of(zone)
    return api.set_target(actor=zone.actor("office"), **{**given, **rest})
