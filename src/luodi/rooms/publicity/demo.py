"""The public account that the page names, and a few articles: invented, marked 示例."""

from __future__ import annotations

import datetime as dt
from typing import Any

from luodi.ground.records.api import Resource, create_record
from luodi.ground.scope.api import SYSTEM, UnitKind
from luodi.rooms.directory.demo import Asked, Zone
from luodi.rooms.publicity.manifest import CHANNELS, PUBLICATIONS

READINGS = {
    "publicity.channel": Asked("publicity.channels", dt.date(2022, 12, 31), of=UnitKind.COUNTY),
}
ARTICLES = (
    ("（示例）党建引领开发区工作报告解读", "report", dt.date(2022, 12, 26)),
    ("（示例）送戏下乡一年回顾", "event", dt.date(2023, 1, 12)),
    ("（示例）居家健康怎么办：一步一问", "guide", dt.date(2022, 12, 28)),
    ("（示例）清廉家风故事", "story", dt.date(2023, 3, 6)),
)


def build(zone: Zone) -> None:
    """One public account with four articles."""
    channel = _made(
        CHANNELS,
        name="示例发布（微信公众号）",
        kind="account",
        unit=zone.county,
        address="shili-fabu",
        opened_on=dt.date(2021, 5, 1),
    )
    for title, about, day in ARTICLES:
        _made(PUBLICATIONS, channel=channel, title=title, about=about, published_on=day)


def _made(resource: Resource, **values: Any) -> Any:
    return create_record(actor=SYSTEM, resource=resource, values=resource.completed(values))
