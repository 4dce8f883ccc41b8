"""The page's health column as guides, and three that the zone's people need; the home's are examples."""

from __future__ import annotations

import datetime as dt

from luodi.ground.scope.api import Actor, acting, actor_for, today
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.guidance import api
from luodi.rooms.guidance.verbs import SHIPPED

HISTORIC = ("fever", "isolation", "pregnancy", "reinfection")
READINGS = {
    "guidance.fever": Asked("guidance.fever.fever_above.from"),
    "guidance.fever_days": Asked("guidance.fever.fever_days"),
    "guidance.emergency": Asked("guidance.fever.emergency"),
    "guidance.ct": Asked("guidance.isolation.ct_least"),
    "guidance.pcr_interval": Asked("guidance.isolation.pcr_hours.from"),
    "guidance.pcr_count": Asked("guidance.isolation.pcr_count"),
}


def build(zone: Zone) -> None:
    """Each guide published: the column's when the page was printed, the zone's own earlier."""
    with acting(actor_for(zone.accounts["office"])) as office:
        for place, key in enumerate(SHIPPED):
            historic = key in HISTORIC
            on = dt.date(2022, 12, 8) if historic else dt.date(2022, 3, 1 + place)
            guide = api.install(
                actor=office,
                unit=zone.zone,
                key=key,
                owner=zone.accounts["office"],
                review_on=None if historic else today() + dt.timedelta(days=place * 20 - 80),
            )
            api.publish_draft(actor=office, guide=guide, note="随产品提供（示例）", at=noon(on))
        _draft(office)


def _draft(office: Actor) -> None:
    """One guide has a better sentence waiting to be published."""
    guide = api.Guide.objects.get(key="joint_branch")
    api.save_texts(
        actor=office,
        guide=guide,
        texts={"questions.0.help": "组织关系在本企业、能经常参加活动的。预备党员、流动党员不算。"},
    )
