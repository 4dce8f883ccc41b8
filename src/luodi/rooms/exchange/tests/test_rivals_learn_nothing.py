"""Two rivals under one branch of the tree: one of them, and everybody else who is no party, tries every
page, operation, figure, report, search, export, trail and timeline, and learns nothing of the other's.

What must not be seen are numbers and words that stand nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from tests.addresses import address, patterns
from tests.expect import Ids
from tests.matrix import OPERATIONS, TELLING
from tests.rest import Rest, token_of
from tests.world import World
from tests.zone import PASSWORD, SINCE, build_zone

from luodi.ground.audit.models import Entry
from luodi.ground.figures.api import figures, read
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, acting, actor_for, today
from luodi.lib.errors import UserError
from luodi.rooms.exchange import api
from luodi.rooms.exchange.models import Document, Offer, Run
from luodi.rooms.exchange.tests.matrix import things

# Everybody who is neither the second enterprise nor its broker. The first enterprise is its rival.
STRANGERS = (
    "liaison",
    "branch_secretary",
    "part_time_member",
    "department_officer",
    "county_officer",
    "system_admin",
    "security_admin",
    "auditor",
    "joint_secretary",
    "other_instructor",
)
NOSY = ("liaison", "part_time_member")  # who try all pages of all rooms that tell something
SECRETS = (
    "731.37", "654321", "765432", "88997", "1777.5", "秘方公式", "绝密客户", "绝密岗位", "绝密地点",
    "铬铁矿渣粉", "绝密条款", "绝密合同", "绝密编号",
)  # fmt: skip


class Market:
    """A world in which the second enterprise has a secret of each kind."""

    def __init__(self) -> None:
        zone = build_zone()
        inside = {
            "unit": zone.enterprise.pk,
            "zone": zone.zone.pk,
            "department": zone.department.pk,
            "district": zone.district.pk,
            **things(zone, zone.enterprise, 0),
        }
        inside["exchange:commodity"] = inside["exchange:goods"]
        roles = ("liaison", "part_time_member", "county_officer", "auditor")
        rest: dict[str | None, Rest] = {role: Rest(token_of(zone, role)) for role in roles}
        clients = {role: zone.client(role) for role in zone.accounts}
        self.world = World(zone, inside, {}, {**clients}, rest)
        self.rival = zone.second
        for name, role, unit in (
            ("rival", "liaison", zone.second),
            ("joint_secretary", "branch_secretary", self._joint()),
            ("other_instructor", "instructor", zone.other_district),
        ):
            account = scope.create_account(
                actor=SYSTEM,
                username=name,
                name=f"示例{name}",
                password=PASSWORD,
                must_change_password=False,
            )
            scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=SINCE)
            zone.accounts[name] = account
            self.world.clients[name] = zone.client(name)
        self.ids = {**self.world.inside, **self._secrets()}

    def _joint(self) -> scope.Unit:
        """A joint branch that spans the rivals stands under their district."""
        return scope.create_unit(
            actor=SYSTEM,
            kind=scope.UnitKind.BRANCH,
            name="示例联合党支部",
            parent=self.world.zone.district,
        )

    def _secrets(self) -> Ids:
        with acting(actor_for(self.world.zone.accounts["rival"])) as actor:
            offer = api.post_offer(
                actor=actor,
                way="have",
                words="铬铁矿渣粉",
                amount="每月654321吨",
                price=Decimal("731.37"),
                contact="绝密岗位",
                place="绝密地点",
                quality="灰分≤731.37",
            )
        customer = api.Party.objects.create(name="绝密客户", broker=offer.broker)
        bauxite = api.Commodity.objects.get(code="260600")
        made = api.introduce(
            actor=SYSTEM,
            supplier=offer.party,
            buyer=customer,
            commodity=bauxite,
            monthly=Decimal(765432),
            have=offer,
        )
        api.tell_sides(actor=SYSTEM, introduction=made)
        contract = api.sign(
            actor=SYSTEM,
            introduction=made,
            quantity=Decimal(88997),
            price_formula="秘方公式",
            terms="绝密条款",
            number="绝密编号",
            since=dt.date(2024, 1, 1),
            until=dt.date(2099, 1, 1),
            signed_on=dt.date(2024, 1, 1),
        )
        delivery = api.record_delivery(
            actor=SYSTEM, contract=contract, month=today(), quantity=Decimal("1777.5")
        )
        sides = {"supplier": offer.party, "buyer": customer, "broker": offer.broker}
        document = Document.objects.create(
            contract=contract,
            name="绝密合同.pdf",
            content_type="application/pdf",
            sha256="0" * 64,
            content="绝密合同".encode(),
            **sides,
        )
        api.keep_profile(
            actor=SYSTEM, party=offer.party, way="makes", commodity=bauxite, monthly=Decimal(654321)
        )
        run = Run.objects.create(
            broker=offer.broker,
            state=Run.State.READY,
            lines=[{"supplier": "绝密客户", "price": 731.37}],
        )
        return {
            "exchange:offer": offer.pk,
            "exchange:party": offer.party_id,
            "exchange:customer": customer.pk,
            "exchange:introduction": made.pk,
            "exchange:talking": made.pk,
            "exchange:idea": made.pk,
            "exchange:contract": contract.pk,
            "exchange:delivery": delivery.pk,
            "exchange:document": document.pk,
            "exchange:run": run.pk,
            "unit": self.rival.pk,
        }

    @property
    def actors(self) -> Iterator[tuple[str, scope.Actor]]:
        for role in STRANGERS:
            yield role, actor_for(self.world.zone.accounts[role])


@pytest.fixture(scope="module")
def market(django_db_setup: None, django_db_blocker: Any) -> Iterator[Market]:
    with django_db_blocker.unblock(), acting(SYSTEM):
        yield Market()
        transaction.set_rollback(True)


def leaks(body: str) -> list[str]:
    return [one for one in SECRETS if one in body]


def told(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):  # a workbook, a document
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    return str(content.decode("utf-8", "replace"))


def test_the_secrets_are_there_for_who_may_see_them(market: Market) -> None:
    """Else the other tests would prove nothing."""
    for role in ("rival", "office", "instructor"):
        client = market.world.clients[role]
        page = told(client.get(f"/exchange/{market.ids['exchange:offer']}/"))
        assert "731.37" in page and "654321" in page, role
        page = told(client.get(f"/exchange/introductions/{market.ids['exchange:introduction']}/"))
        assert {"秘方公式", "绝密客户", "1777.5"} <= set(leaks(page)), role
        assert "铬铁矿渣粉" in told(client.get("/exchange/")), role
        assert "绝密合同" in told(
            client.get(f"/exchange/documents/{market.ids['exchange:document']}/")
        )


TABLES = list(apps.get_app_config("exchange").get_models())
OPEN = {"Commodity", "Total"}


def test_the_database_shows_no_row_of_the_rivals(market: Market) -> None:
    """The room's own tables, and the trail of them, asked without any page."""
    own = {market.ids["exchange:party"], market.ids["exchange:customer"]}
    for role, actor in market.actors:
        with acting(actor):
            for model in TABLES:
                if model.__name__ not in OPEN:
                    for row in model._default_manager.all():
                        assert not owners(row) & own, f"{role} sees {model.__name__} {row.pk}"
            entries = Entry.objects.filter(subject__startswith="exchange_")
            keys = entries.filter(
                subject="exchange_offer", subject_id=str(market.ids["exchange:offer"])
            )
            assert role == "auditor" or not keys.exists(), role
            for entry in entries:
                assert not leaks(str(entry.changes)), f"{role} {entry.subject}"


def owners(row: Model) -> set[Any]:
    return {
        getattr(row, name) for name in ("party_id", "supplier_id", "buyer_id") if hasattr(row, name)
    } | ({row.pk} if isinstance(row, api.Party) else set())


def test_nobody_writes_into_a_rivals_rows(market: Market) -> None:
    with acting(actor_for(market.world.zone.accounts["liaison"])):
        for name in ("offer", "party", "introduction", "contract", "delivery"):
            rows: Any = apps.get_model("exchange", name)._default_manager
            assert rows.filter(pk=market.ids[f"exchange:{name}"]).update(version=9) == 0, name
            assert rows.filter(pk=market.ids[f"exchange:{name}"])._raw_delete("default") == 0, name
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            Offer.objects.create(
                party_id=market.ids["exchange:party"],
                broker=market.world.zone.district,
                way="have",
                words="假",
                quantity=1,
                measure="吨",
                per="once",
                expires_on=today(),
            )


def test_no_page_of_the_exchange_tells(market: Market) -> None:
    """Every page about the rival's rows, the lists with all they can be asked for, as everybody."""
    names = {name: lists for name, lists in patterns().items() if name.startswith("exchange:")}
    for name, lists in names.items():
        for arguments in lists:
            url = address(name, arguments, market.ids)
            for role in STRANGERS:
                for more in ("", "?format=xlsx", "?format=print", "?state=all&q=铬", "?stage=all"):
                    if more and arguments:
                        continue
                    with market.world.tried():
                        body = told(market.world.clients[role].get(f"{url}{more}"))
                    assert not leaks(body.replace("铬铁矿渣粉”的", "")), f"{role} {url}{more}"


def test_no_page_of_any_room_tells(market: Market) -> None:
    """The rival's file and its timeline, the workbench, the inbox, the trail, the history, the search."""
    ids = {**market.world.inside, "unit": market.rival.pk}
    for name in sorted({"scope:unit", *TELLING}):
        for arguments in patterns()[name]:
            try:
                url = address(name, arguments, ids)
            except (
                KeyError
            ):  # about a record of another room's, which holds nothing of the exchange's
                continue
            for role in NOSY:
                with market.world.tried():
                    assert not leaks(told(market.world.clients[role].get(url))), f"{role} {url}"
    for url in ("/audit/", "/audit/?format=xlsx"):
        with market.world.tried():
            assert not leaks(told(market.world.clients["auditor"].get(url))), url


def test_search_and_histories_tell_nothing(market: Market) -> None:
    pages = [f"/search/?q={word}" for word in ("铬铁矿", "绝密客户", "D", "654321")]
    tables = ("offer", "introduction", "contract", "delivery", "party", "side", "profile")
    pages += [
        f"/audit/exchange_{one}/{market.ids.get(f'exchange:{one}', market.ids['exchange:offer'])}/"
        for one in tables
    ]
    for role in STRANGERS:
        for url in pages:
            with market.world.tried():
                body = told(market.world.clients[role].get(url))
            word = url.rpartition("=")[2]
            assert not [one for one in leaks(body) if word not in one], f"{role} {url}"
            assert f"/exchange/{market.ids['exchange:offer']}/" not in body, f"{role} {url}"


def test_no_operation_tells(market: Market) -> None:
    """Every reading operation of REST, and the writing ones about the rival's rows."""
    robots = {"liaison", "part_time_member", "county_officer", "auditor"}
    for key, operation in OPERATIONS.items():
        method, _space, path = key.partition(" ")
        if method != "GET" and not path.startswith("/exchange"):
            continue
        url = path.replace(
            "{pk}", str(market.ids.get(operation.about, market.ids["exchange:offer"]))
        )
        if "{" in url or (method == "GET" and "pk" in path and not path.startswith("/exchange")):
            continue
        for role in robots:
            rest: Rest = market.world.rest[role]
            with market.world.tried():
                body = None if method == "GET" else operation.body(market.ids)
                response = rest.send(method, url, body)
                assert not leaks(told(response)), f"{role} {key}"
                own = path in {"/exchange/offers", "/exchange/introductions"}
                if method != "GET" and "{pk}" in path and not own:
                    assert response.status_code in {403, 404}, f"{role} {key}"


def test_no_figure_tells(market: Market) -> None:
    """None of the exchange's is read by who is no broker; and none of any room adds up its tables."""
    zone = market.world.zone
    for role, actor in market.actors:
        with acting(actor):
            for figure in figures():
                if not figure.key.startswith("exchange."):
                    continue
                for unit in (zone.zone, zone.district, zone.second):
                    with pytest.raises(UserError):
                        read(actor=actor, key=figure.key, unit=unit, until=today())
                    assert not leaks(figure.key), role
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm')"
            " AND relnamespace = 'public'::regnamespace AND relname LIKE 'exchange%'"
        )
        assert cursor.fetchone() == (0,)  # a view would pass by the policies
