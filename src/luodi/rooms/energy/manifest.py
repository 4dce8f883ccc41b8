"""Meters, green power contracts, months, carbon: what they bring."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import Job, Manifest, Place
from luodi.rooms.energy.models import (
    Certificate,
    DeviationRule,
    Factor,
    FuelUse,
    GreenContract,
    Meter,
    Plant,
    Tariff,
    Terms,
    Volume,
)

MANAGERS = frozenset({"office"})
PARK = frozenset({"office", "secretary", "deputy"})
OWN = frozenset({"liaison"})
SETTING = {"view": "energy.manage", "write": "energy.manage"}

RESOURCES = [
    Resource(
        model=Plant,
        fields=[
            "name",
            "kind",
            "unit",
            "capacity_mw",
            "commissioned_on",
            "direct_line",
            "opened_on",
        ],
        write="energy.manage",
        children=[Meter],
        measure=_("处"),
    ),
    Resource(
        model=Meter,
        fields=[
            "name",
            "number",
            "unit",
            "direction",
            "plant",
            "kind",
            "factor",
            "limit_kw",
            "labels",
            "factored",
            "measured",
            "opened_on",
        ],
        columns=["name", "number", "unit", "direction", "factor"],
        search=["name", "number"],
        write="energy.manage",
        measure=_("块"),
        job=Job.SERVICES,
        icon="number",
    ),
    Resource(
        model=DeviationRule,
        fields=["name", "source", "unit", "since", "user_rate", "supplier_rate", "tolerance"],
        setting=True,
        **SETTING,
    ),
    Resource(
        model=GreenContract,
        fields=[
            "name",
            "number",
            "unit",
            "seller_name",
            "seller",
            "plant",
            "signed_on",
            "opened_on",
        ],
        columns=["name", "number", "seller_name", "signed_on"],
        search=["name", "number", "seller_name"],
        children=[Terms, Volume],
        plural="green-contracts",
        measure=_("份"),
        **SETTING,
    ),
    Resource(
        model=Terms,
        fields=[
            "contract",
            "since",
            "energy_price",
            "price_cap",
            "certificate_price",
            "take_or_pay",
            "shortfall_price",
            "rule",
            "source",
        ],
        columns=["since", "contract", "energy_price", "price_cap", "certificate_price", "source"],
        search=["source"],
        plural="terms",
        setting=True,
        **SETTING,
    ),
    Resource(
        model=Volume,
        fields=["contract", "unit", "month", "kwh", "note"],
        columns=["month", "unit", "kwh", "contract", "note"],
        search=["unit__name", "note"],
        setting=True,
        **SETTING,
    ),
    Resource(
        model=Factor,
        fields=["kind", "area", "year", "value", "measure", "published_on", "source", "unit"],
        search=["source", "area"],
        setting=True,
        **SETTING,
    ),
    Resource(
        model=Tariff,
        fields=[
            "name",
            "since",
            "unit",
            "sharp",
            "peak",
            "flat",
            "valley",
            "periods",
            "delivery",
            "line_loss",
            "system",
            "funds",
            "demand",
            "capacity",
            "source",
        ],
        columns=["name", "since", "sharp", "peak", "flat", "valley", "source"],
        setting=True,
        **SETTING,
    ),
    Resource(
        model=FuelUse,
        fields=["fuel", "month", "quantity", "unit", "source"],
        search=["source"],
        plural="fuel-uses",
        write="energy.read_in",
    ),
    Resource(
        model=Certificate,
        fields=["batch", "unit", "plant", "month", "first", "last", "issued_on"],
        search=["batch"],
        write="energy.manage",
        measure=_("批"),
    ),
]

MANIFEST = Manifest(
    label=_("绿电和碳"),
    prefix="energy/",
    permissions={
        "energy.view": PARK | OWN,
        "energy.park": PARK,
        "energy.read_in": MANAGERS | OWN,
        "energy.agree": OWN,
        "energy.manage": MANAGERS,
    },
    resources=RESOURCES,
    places=[
        Place("energy:home", _("绿电和碳"), "number", Job.SERVICES, ("energy.view",)),
    ],
)
