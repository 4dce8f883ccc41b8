"""The report of the zone on the page's day, drafted from a shipped template and published."""

from __future__ import annotations

import datetime as dt

from luodi.ground.scope.api import actor_for
from luodi.rooms.directory.demo import CHANGED_ON, PAGE_ON, Zone, noon
from luodi.rooms.reports import api as reports

AT = noon(PAGE_ON, 17)
HEAD = {
    "issuer": "交口经济技术开发区党工委文件",
    "number": "示例〔2022〕1号",
    "addressee": "示例县委组织部：",
    "signer": "交口经济技术开发区党工委",
    "signed_on": "2022年12月22日",
}


def build(zone: Zone) -> None:
    """Drafted and signed by the office; the annual summary stays a draft."""
    actor = actor_for(zone.accounts["office"])
    year = {"since": PAGE_ON.replace(month=1, day=1), "until": PAGE_ON}
    for template in ("party-building", "annual"):
        made = reports.draft_report(actor=actor, template=template, unit=zone.zone, at=AT, **year)
        if template == "party-building":
            # the leading group is compared with the day before it changed, as on the page
            before = CHANGED_ON - dt.timedelta(days=1)
            text = made.text.replace("=上年末", f"={before}")
            share = "{figure: pioneer.member_share"
            text = text.replace(f"占{share}}}", f"比例{share} | 超过 30%}}")
            made = reports.write_report(
                actor=actor, report=made, title=made.title, text=text, head=HEAD
            )
            reports.publish_report(actor=actor, report=made, at=AT)
