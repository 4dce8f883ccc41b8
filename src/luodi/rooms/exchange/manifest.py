"""What the room brings: Offers and needs between enterprises, kept secret from rivals."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import Finder, History, Job, Manifest, Part, Place
from luodi.rooms.exchange.belongings import BELONGINGS
from luodi.rooms.exchange.finders import find_introductions, find_offers
from luodi.rooms.exchange.models import Commodity
from luodi.rooms.exchange.parts import deadlines_of, moments_of, of_unit, waiting
from luodi.rooms.exchange.sheets import OFFERS

# Who brokers, and who speaks for an enterprise; the database holds them to it (`sql/exchange.sql`).
# A part-time member of the working committee is often a rival's secretary, and a county officer is
# no broker: neither is here.
BROKERS = frozenset({"office", "secretary", "deputy", "instructor"})
PARTIES = frozenset({"branch_secretary", "liaison"})
VIEW = ("exchange.view",)

COMMODITIES = Resource(
    model=Commodity,
    fields=["name", "code", "catalogue_code", "measure", "synonyms", "qualities", "waste"],
    columns=["name", "code", "measure", "synonyms", "waste"],
    filters=["waste"],
    search=["name", "synonyms", "code"],
    key=["code"],
    view="exchange.view",
    write="exchange.commodities",
    plural="commodities",
    setting=True,
)
MANIFEST = Manifest(
    label=_("供需对接"),
    prefix="exchange/",
    permissions={
        "exchange.view": BROKERS | PARTIES,
        "exchange.write": BROKERS | PARTIES,
        "exchange.broker": BROKERS,
        # the words are everybody's: who guides one district changes none of them
        "exchange.commodities": BROKERS - {"instructor"},
    },
    places=[Place("exchange:offers", _("供需对接"), "enterprise", Job.SERVICES, VIEW)],
    resources=[COMMODITIES],
    workbench=[Part("exchange/waiting_part.html", waiting, rank=60)],
    unit_page=[Part("exchange/unit_part.html", of_unit, rank=35)],
    timeline=moments_of,
    deadlines=deadlines_of,
    belongings=BELONGINGS,
    imports={"offers": OFFERS},
    search=[
        Finder(_("供需"), find_offers, VIEW, more="exchange:offers"),
        Finder(_("对接"), find_introductions, VIEW),
    ],
    histories=[
        History(
            "exchange_offer",
            permission="exchange.view",
            page=lambda row: reverse("exchange:offer", args=[row.pk]),
        ),
        History(
            "exchange_introduction",
            [
                ("exchange_contract", "introduction_id"),
                ("exchange_delivery", "contract__introduction_id"),
            ],
            permission="exchange.view",
            page=lambda row: reverse("exchange:introduction", args=[row.pk]),
        ),
    ],
)
