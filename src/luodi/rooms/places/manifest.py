"""Places: what the room brings. Venues and what stands in them follow from their declarations."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import BRANCHES, ENTERPRISES, READERS, Job, Manifest, Place
from luodi.rooms.places.models import Closure, Item, OpeningHours, Room, Venue

VENUES = Resource(
    model=Venue,
    fields=[
        "name",
        "kind",
        "unit",
        "address",
        "open_to",
        "keeper",
        "step_free",
        "investment",
        "longitude",
        "latitude",
        "opened_on",
    ],
    columns=["name", "kind", "unit", "address", "step_free"],
    filters=["kind", "unit", "step_free"],
    search=["name", "address"],
    children=[Room, Item, OpeningHours, Closure],
    measure=_("处"),
    job=Job.SERVICES,
)
ROOMS = Resource(
    model=Room,
    fields=[
        "name",
        "venue",
        "kind",
        "part_of",
        "seats",
        "wheelchair_seats",
        "equipment",
        "step_free",
        "ground",
        "area",
        "length",
        "bookable",
        "needs_approval",
        "setup_minutes",
        "clear_minutes",
        "opened_on",
    ],
    columns=["name", "venue", "kind", "seats", "equipment", "step_free", "opened_on"],
    search=["name", "venue__name"],
    measure=_("间"),
    job=Job.SERVICES,
)
ITEMS = Resource(
    model=Item,
    fields=["name", "venue", "kind", "note", "opened_on"],
    search=["name", "venue__name"],
)
HOURS = Resource(
    model=OpeningHours,
    fields=["venue", "room", "weekdays", "opens", "closes", "note"],
    columns=["weekdays", "opens", "closes", "room", "note"],
    search=[],
    key=["venue", "room", "weekdays", "opens"],
    plural="opening-hours",
    setting=True,
)
CLOSURES = Resource(
    model=Closure,
    fields=["venue", "room", "starts_at", "ends_at", "reason"],
    columns=["reason", "starts_at", "ends_at", "room"],
    search=["reason"],
    setting=True,
)
MANIFEST = Manifest(
    label=_("场所"),
    prefix="places/",
    places=[
        Place("places:find", _("预订房间"), "calendar", Job.SERVICES, ("places.view",)),
    ],
    permissions={
        "places.view": READERS | ENTERPRISES,
        "places.write": BRANCHES,
        "places.book": ENTERPRISES,
    },
    resources=[VENUES, ROOMS, ITEMS, HOURS, CLOSURES],
)
