"""What was published, was published in a channel that was there."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.records.api import create_record
from luodi.lib.errors import UserError
from luodi.rooms.publicity.manifest import CHANNELS, PUBLICATIONS


def test_only_in_a_channel_that_was_there(zone: Zone) -> None:
    office = zone.actor("office")
    since = dt.date(2021, 5, 1)
    values = {"name": "示例发布", "kind": "account", "unit": zone.zone, "opened_on": since}
    channel = create_record(actor=office, resource=CHANNELS, values=CHANNELS.completed(values))

    def published(day: dt.date) -> None:
        given = {"channel": channel, "title": "示例", "about": "story", "published_on": day}
        create_record(actor=office, resource=PUBLICATIONS, values=PUBLICATIONS.completed(given))

    published(since)
    for wrong in (since, since - dt.timedelta(days=1)):  # twice; before there was the channel
        with pytest.raises(UserError):
            published(wrong)
    found = read(actor=office, key="publicity.channels", unit=zone.zone, until=since)
    assert found.value == 1
