"""What the room brings: what must happen how often; fulfilled by gatherings."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.manifest import GUIDES, LEADERS, READERS, Finder, History, Job, Manifest, Part, Place
from luodi.rooms.duties.parts import (
    deadlines_of,
    find_duties,
    hours_part,
    moments_of,
    standing_of,
    to_do,
)

MANIFEST = Manifest(
    label=_("应办事项"),
    prefix="duties/",
    permissions={
        "duties.view": READERS,
        "duties.write": LEADERS,
        "duties.excuse": GUIDES,
    },
    places=[Place("duties:board", _("应办事项"), "check", Job.GATHERINGS, ("duties.view",))],
    workbench=[Part("duties/todo_part.html", to_do, rank=25)],
    unit_page=[Part("duties/unit_part.html", standing_of, rank=35)],
    person_page=[Part("duties/hours_part.html", hours_part, rank=30)],
    deadlines=deadlines_of,
    timeline=moments_of,
    search=[Finder(_("应办事项"), find_duties, ("duties.view",), "duties:rules")],
    histories=[
        History(
            "duties_duty",
            [("duties_edition", "duty_id")],
            "duties.view",
            lambda row: reverse("duties:duty", args=[row.pk]),
        ),
        History(
            "duties_excuse",
            (),
            "duties.view",
            lambda row: reverse("duties:year", args=[row.unit_id]),
        ),
    ],
)
