"""Places: what the room brings. Venues and what stands in them follow from their declarations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import BRANCHES, ENTERPRISES, READERS, History, Job, Manifest, Part, Place
from luodi.rooms.places.belongings import BELONGINGS
from luodi.rooms.places.models import Closure, Item, OpeningHours, Room, Venue
from luodi.rooms.places.parts import (
    buttons,
    deadlines_of,
    door,
    mine,
    moments_of,
    of_unit,
    photographs,
)
from luodi.rooms.places.verbs.keeping import (
    check_closure,
    check_hours,
    check_item,
    check_room,
    check_venue,
    create_closure,
)

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
    check=check_venue,
    parts=[
        Part("places/buttons.html", buttons, place="actions"),
        Part("places/photographs.html", photographs),
    ],
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
    check=check_room,
    parts=[
        Part("places/buttons.html", buttons, place="actions"),
        Part("places/photographs.html", photographs),
        Part("places/door_part.html", door, rank=60),
    ],
    measure=_("间"),
    job=Job.SERVICES,
)
ITEMS = Resource(
    model=Item,
    fields=["name", "venue", "kind", "note", "opened_on"],
    columns=["name", "venue", "kind", "note"],
    search=["name", "venue__name"],
    check=check_item,
)
HOURS = Resource(
    model=OpeningHours,
    fields=["venue", "room", "weekdays", "opens", "closes", "note"],
    columns=["weekdays", "opens", "closes", "room", "note"],
    search=[],
    key=["venue", "room", "weekdays", "opens"],
    plural="opening-hours",
    setting=True,
    check=check_hours,
)
CLOSURES = Resource(
    model=Closure,
    fields=["venue", "room", "starts_at", "ends_at", "reason"],
    columns=["reason", "starts_at", "ends_at", "room"],
    search=["reason"],
    setting=True,
    create=create_closure,
    check=check_closure,
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
    workbench=[Part("places/mine.html", mine, rank=35)],
    unit_page=[Part("places/mine.html", of_unit, rank=45)],
    deadlines=deadlines_of,
    timeline=moments_of,
    belongings=BELONGINGS,
    histories=[
        History(
            "places_booking",
            [("places_occurrence", "booking_id")],
            "places.view",
            lambda row: reverse("places:booking", args=[row.pk]),
        ),
    ],
    resources=[VENUES, ROOMS, ITEMS, HOURS, CLOSURES],
)
