"""What the tests that try every address know of the exchange."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.expect import (
    LEAD,
    POST_ONLY,
    REPORTERS,
    ZONE,
    Ids,
    Operation,
    Page,
    empty,
    holders,
    reading,
    reason,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.exchange import api
from luodi.rooms.exchange.models import Commodity, Run

BROKERS = ZONE | LEAD
SEES = BROKERS | REPORTERS  # the first enterprise, and who brokers for it
ROWS = Page(SEES, ZONE)
OF_DESK = Page(BROKERS, ZONE)
LISTS = holders(*SEES)
PAGES: dict[str, Page] = {
    "exchange:offers": LISTS,
    "exchange:post": LISTS,
    "exchange:offer": ROWS,
    "exchange:change_offer": ROWS,
    "exchange:renew_offer": POST_ONLY,
    "exchange:withdraw_offer": ROWS,
    "exchange:introduce": POST_ONLY,
    "exchange:introductions": LISTS,
    "exchange:introduction": ROWS,
    "exchange:tell": POST_ONLY,
    "exchange:negotiate": POST_ONLY,
    "exchange:lose": ROWS,
    "exchange:finish": OF_DESK,
    "exchange:raise_case": ROWS,
    "exchange:sign": ROWS,
    "exchange:deliver": ROWS,
    "exchange:attach": ROWS,
    "exchange:correct_delivery": ROWS,
    "exchange:remove_delivery": OF_DESK,
    "exchange:document": ROWS,
    "exchange:own": Page(SEES, SEES, get=302),
    "exchange:network": holders(*BROKERS),
    "exchange:party": ROWS,
    "exchange:change_party": ROWS,
    "exchange:profile": ROWS,
    "exchange:hand_over": OF_DESK,
    "exchange:cards": holders(*BROKERS),
    "exchange:workshop": holders(*BROKERS),
    "exchange:totals": LISTS,
    "exchange:plans": holders(*BROKERS),
    "exchange:ask_plan": POST_ONLY,
    "exchange:plan": OF_DESK,
    "exchange:stop_plan": POST_ONLY,
    "exchange:use_lines": POST_ONLY,
}
MEANINGS: dict[tuple[str, str], str] = {
    (f"exchange:{name}", "pk"): f"exchange:{kind}"
    for kind, names in {
        "offer": ("offer", "change_offer", "renew_offer", "withdraw_offer"),
        "introduction": (
            "introduction",
            "negotiate",
            "lose",
            "finish",
            "raise_case",
            "sign",
            "tell",
        ),
        "contract": ("deliver", "attach"),
        "delivery": ("correct_delivery", "remove_delivery"),
        "document": ("document",),
        "run": ("plan", "stop_plan", "use_lines"),
        "party": ("party", "change_party", "profile", "hand_over"),
    }.items()
    for name in names
}
MEANINGS[("exchange:introduce", "pk")] = "exchange:offer"
REFERENCES = {
    "supplier": "exchange:party",
    "buyer": "exchange:customer",
    "commodity": "exchange:goods",
    "desk": "district",
}
TODAY = today().isoformat()


def need(ids: Ids) -> Any:
    return {"way": "want", "words": "石灰石", "amount": "每月100吨", "unit": ids["unit"]}


def changed(ids: Ids) -> Any:
    return {"words": "铝土矿", "amount": "每月3001吨"}


def idea(ids: Ids) -> Any:
    lime = Commodity.objects.get(code="252100").pk
    return {"supplier": ids["exchange:party"], "buyer": ids["exchange:customer"], "commodity": lime}


def contract(ids: Ids) -> Any:
    return {"quantity": "100", "since": TODAY, "until": "2099-01-01", "signed_on": TODAY}


def profile(ids: Ids) -> Any:
    return {"way": "makes", "commodity": ids["exchange:goods"], "monthly": "10"}


OPERATIONS: dict[str, Operation] = {
    "GET /exchange/offers": reading(SEES),
    "GET /exchange/offers/{pk}": Operation(SEES, about="exchange:offer", outside=ZONE),
    "POST /exchange/offers": Operation(
        SEES, need, outside=ZONE, otherwise=frozenset({403, 404, 422})
    ),
    "PATCH /exchange/offers/{pk}": Operation(SEES, changed, "exchange:offer", ZONE),
    "POST /exchange/offers/{pk}/renew": Operation(SEES, empty, "exchange:offer", ZONE),
    "POST /exchange/offers/{pk}/withdraw": Operation(SEES, reason, "exchange:offer", ZONE),
    "GET /exchange/introductions": reading(SEES),
    "GET /exchange/introductions/{pk}": Operation(
        SEES, about="exchange:introduction", outside=ZONE
    ),
    "POST /exchange/introductions": Operation(
        BROKERS, idea, outside=ZONE, otherwise=frozenset({403, 404, 422})
    ),
    "POST /exchange/introductions/{pk}/tell": Operation(BROKERS, empty, "exchange:idea", ZONE),
    "POST /exchange/introductions/{pk}/negotiate": Operation(SEES, empty, "exchange:talking", ZONE),
    "POST /exchange/introductions/{pk}/lose": Operation(
        SEES, lambda ids: {"lost": "other"}, "exchange:talking", ZONE
    ),
    "POST /exchange/introductions/{pk}/finish": Operation(
        BROKERS, empty, "exchange:introduction", ZONE
    ),
    "POST /exchange/introductions/{pk}/contract": Operation(
        SEES, contract, "exchange:talking", ZONE
    ),
    "GET /exchange/contracts/{pk}": Operation(SEES, about="exchange:contract", outside=ZONE),
    "GET /exchange/contracts/{pk}/deliveries": Operation(
        SEES, about="exchange:contract", outside=ZONE
    ),
    "POST /exchange/contracts/{pk}/deliveries": Operation(
        SEES, lambda ids: {"month": TODAY, "quantity": "7"}, "exchange:contract", ZONE
    ),
    "PATCH /exchange/deliveries/{pk}": Operation(
        SEES, lambda ids: {"quantity": "8", "reason": "示例"}, "exchange:delivery", ZONE
    ),
    "GET /exchange/parties": reading(SEES),
    "GET /exchange/parties/{pk}": Operation(SEES, about="exchange:party", outside=ZONE),
    "PATCH /exchange/parties/{pk}": Operation(
        SEES, lambda ids: {"place": "示例"}, "exchange:party", ZONE
    ),
    "GET /exchange/plans": reading(BROKERS),
    "GET /exchange/plans/{pk}": Operation(BROKERS, about="exchange:run", outside=ZONE),
    "POST /exchange/plans": Operation(
        BROKERS,
        lambda ids: {"desk": ids["district"]},
        outside=ZONE,
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /exchange/plans/{pk}/stop": Operation(BROKERS, empty, "exchange:run", ZONE),
    "POST /exchange/plans/{pk}/introductions": Operation(
        BROKERS, lambda ids: {"places": [0]}, "exchange:run", ZONE
    ),
    "GET /exchange/totals": reading(SEES),
    "POST /exchange/parties/{pk}/profiles": Operation(SEES, profile, "exchange:party", ZONE),
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """An offer of the unit's with all that comes of it: an idea, a talk, a contract with a delivery."""
    bauxite, lime, red = (
        Commodity.objects.get(code=code) for code in ("260600", "281820", "262040")
    )
    offer = api.post_offer(
        actor=SYSTEM,
        way="have",
        words="铝土矿",
        amount="每月3000吨",
        price=Decimal("410"),
        unit=unit,
    )
    customer = api.Party.objects.create(name=f"示例客户{number}", broker=offer.broker)
    want = api.Offer.objects.create(
        party=api.Party.objects.create(name=f"示例买方{number}", broker=offer.broker),
        broker=offer.broker,
        way="want",
        words="铝土矿",
        commodity=bauxite,
        quantity=5,
        measure="吨",
        per="month",
        expires_on=today() + dt.timedelta(days=90),
    )
    line = {"have": offer.pk, "want": want.pk, "monthly": 5, "supplier": "", "buyer": ""}
    made: Ids = {
        "exchange:run": Run.objects.create(
            broker=offer.broker, state=Run.State.READY, lines=[line]
        ).pk,
        "exchange:offer": offer.pk,
        "exchange:party": offer.party_id,
        "exchange:customer": customer.pk,
        "exchange:goods": bauxite.pk,
    }
    for name, commodity in (("introduction", bauxite), ("talking", lime), ("idea", red)):
        one = api.introduce(actor=SYSTEM, supplier=offer.party, buyer=customer, commodity=commodity)
        made[f"exchange:{name}"] = one.pk
        if name == "idea":
            continue
        api.tell_sides(actor=SYSTEM, introduction=one)
        if name == "introduction":
            made |= _traded(one)
    return made


def _traded(introduction: api.Introduction) -> Ids:
    contract = api.sign(
        actor=SYSTEM,
        introduction=introduction,
        quantity=Decimal(1000),
        since=dt.date(2024, 1, 1),
        until=dt.date(2099, 1, 1),
        signed_on=dt.date(2024, 1, 1),
    )
    delivery = api.record_delivery(
        actor=SYSTEM, contract=contract, month=dt.date(2024, 2, 1), quantity=Decimal(50)
    )
    parties = {
        "supplier_id": contract.supplier_id,
        "buyer_id": contract.buyer_id,
        "broker_id": contract.broker_id,
    }
    document = contract.documents.create(
        name="示例.pdf", content_type="application/pdf", sha256="0" * 64, content=b"%PDF", **parties
    )
    return {
        "exchange:contract": contract.pk,
        "exchange:delivery": delivery.pk,
        "exchange:document": document.pk,
    }


NUMBERS: dict[str, str] = {
    "exchange:introduction": "what was delivered of what was agreed; the deliveries stand below",
}
