"""What the home for the old brings."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import READERS, Finder, Job, Manifest, Part, Place
from luodi.rooms.care.models import Bed, Dish, OnDuty, PriceItem, Terms
from luodi.rooms.care.parts import deadlines_of, find_residents, mine
from luodi.rooms.care.privacy import FIELDS

HEAD, NURSE = frozenset({"home_manager"}), frozenset({"home_manager", "nurse"})
CARERS = NURSE | {"carer"}
MONEY = HEAD | {"cashier"}

BEDS = Resource(
    model=Bed,
    fields=["unit", "building", "floor", "room", "name", "charge", "opened_on"],
    columns=["name", "building", "floor", "room", "charge"],
    search=["name", "room"],
    sort="name",
    view="care.setup",
    write="care.setup",
    setting=True,
)
PRICES = Resource(
    model=PriceItem,
    fields=["unit", "name", "kind", "level", "per", "amount", "opened_on"],
    columns=["name", "kind", "level", "per", "amount", "opened_on"],
    view="care.money",
    write="care.money",
    setting=True,
)
TERMS = Resource(
    model=Terms,
    fields=[
        "unit",
        "reassess_months",
        "free_from",
        "meal_back",
        "care_back",
        "bed_share",
        "prepaid_months",
        "deposit_months",
        "net_assets",
        "custody",
        "public_home",
    ],
    columns=["unit", "reassess_months", "free_from", "bed_share", "custody"],
    search=(),
    view="care.money",
    write="care.setup",
    setting=True,
    plural="care_terms",
)
DISHES = Resource(
    model=Dish,
    fields=["unit", "on", "meal", "name", "contains", "suits"],
    columns=["name", "on", "meal", "contains", "suits"],
    sort="on",
    view="care.kitchen",
    write="care.kitchen",
    setting=True,
    plural="dishes",
)
DUTY = Resource(
    model=OnDuty,
    fields=["unit", "on", "shift", "who", "note"],
    search=(),
    sort="on",
    view="care.view",
    write="care.nurse",
    setting=True,
    plural="duty_roster",
)

MANIFEST = Manifest(
    label=_("养老"),
    prefix="care/",
    permissions={
        "care.view": CARERS,
        "care.admit": HEAD,
        "care.move": NURSE,
        "care.nurse": NURSE,
        "care.contacts": NURSE,
        "care.round": CARERS,
        "care.dose": CARERS,
        "care.kitchen": NURSE | {"cook"},
        "care.money": MONEY,
        "care.setup": HEAD,
        "care.figures": READERS | MONEY | NURSE | {"department_officer"},
    },
    personal=FIELDS,
    workbench=[Part("care/part.html", mine, rank=15)],
    search=[Finder(_("老人"), find_residents, ("care.view",), "care:residents")],
    deadlines=deadlines_of,
    resources=[BEDS, PRICES, TERMS, DISHES, DUTY],
    places=[
        Place("care:board", _("养老院"), "home", Job.LIVELIHOOD, ("care.view",), phone=_("养老院")),
        Place("care:round", _("巡房"), "check", Job.TODAY, ("care.round",), phone=_("巡房")),
        Place("care:kitchen", _("饮食"), "ledger", Job.LIVELIHOOD, ("care.kitchen",)),
        Place("care:money", _("养老费用"), "number", Job.LIVELIHOOD, ("care.money",)),
    ],
)
