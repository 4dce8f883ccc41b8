"""What the room brings: seasons of performances, from the villages' wishes to the people who came."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import LEADERS, Job, Manifest
from luodi.rooms.seasons.models import Play, Quiet, Season, Troupe, Village, Wish

SEASONS = Resource(
    model=Season,
    fields=[
        "name", "unit", "starts_on", "ends_on", "shows", "least", "spacing", "township_least",
        "stages", "source",
    ],
    columns=["name", "unit", "starts_on", "ends_on", "shows"],
    sort="-starts_on",
    job=Job.LIVELIHOOD,
    icon="calendar",
)  # fmt: skip
TROUPES = Resource(
    model=Troupe,
    fields=["name", "unit", "size", "lon", "lat", "speed", "most_a_day", "hours", "run", "rests"],
    columns=["name", "size", "most_a_day", "hours", "run", "rests"],
    children=[Play],
)
PLAYS = Resource(
    model=Play,
    fields=["name", "troupe", "kind", "minutes", "about"],
    search=["name", "kind"],
)
VILLAGES = Resource(
    model=Village,
    fields=["name", "township", "unit", "people", "lon", "lat", "stage_holds"],
    columns=["name", "township", "people", "stage_holds"],
    search=["name", "township"],
    children=[Wish],
    measure=_("个"),
)
WISHES = Resource(
    model=Wish,
    fields=["village", "occasion", "since", "until", "play", "must"],
    columns=["occasion", "village", "since", "until", "play", "must"],
    search=["occasion", "village__name"],
    plural="wishes",
)
QUIETS = Resource(
    model=Quiet,
    fields=["unit", "why", "since", "until", "village", "note"],
    columns=["why", "village", "since", "until", "note"],
    search=["village__name", "note"],
)
MANIFEST = Manifest(
    label=_("演出季"),
    prefix="culture/",
    permissions={
        "seasons.view": LEADERS | {"department_officer"},
        "seasons.write": LEADERS | {"department_officer"},
    },
    resources=[SEASONS, TROUPES, PLAYS, VILLAGES, WISHES, QUIETS],
)
