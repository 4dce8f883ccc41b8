"""Two zones on one site: what one of them can do to, or learn of, the other. Each test is an attack."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from luodi.ground.audit.models import Entry
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Actor, Unit, UnitKind, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.models import Category
from luodi.rooms.programmes import api as programmes
from luodi.rooms.programmes.models import Indicator
from tests.rest import Rest, token_of
from tests.zone import PASSWORD, SINCE, Zone


class Neighbour:
    """A second zone of the same county, with a security administrator, an auditor, an instructor."""

    def __init__(self, county: Unit) -> None:
        self.zone = scope.create_unit(
            actor=SYSTEM, kind=UnitKind.ZONE, name="邻区示例开发区", parent=county
        )
        self.district = scope.create_unit(
            actor=SYSTEM, kind=UnitKind.DISTRICT, name="邻区示例党建区", parent=self.zone
        )
        self.security = self.holder("security_admin", self.zone)
        self.auditor = self.holder("auditor", self.zone)
        self.office = self.holder("office", self.zone)
        self.instructor = self.holder("instructor", self.district)

    def holder(self, role: str, unit: Unit) -> Account:
        account = scope.create_account(
            actor=SYSTEM,
            username=f"b-{role}",
            name=f"邻区{role}",
            password=PASSWORD,
            must_change_password=False,
            home=self.zone,
        )
        scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=SINCE)
        return account

    def actor(self, account: Account) -> Actor:
        return scope.actor_for(account)

    def client(self, account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client


@pytest.fixture
def neighbour(zone: Zone) -> Neighbour:
    return Neighbour(zone.county)


# --- accounts ---------------------------------------------------------------------------------


def test_an_account_without_a_role_is_not_taken_over(zone: Zone, neighbour: Neighbour) -> None:
    theirs = scope.create_account(
        actor=neighbour.actor(neighbour.security),
        username="b-new",
        name="邻区新人",
        password=PASSWORD,
    )
    assert theirs.home == neighbour.zone
    a = zone.actor("security_admin")
    for attack in (
        lambda: scope.reset_password(actor=a, account=theirs),
        lambda: scope.set_active(actor=a, account=theirs, active=False),
        lambda: scope.remove_second_factor(actor=a, account=theirs),
        lambda: scope.end_sessions(actor=a, account=theirs),
        lambda: scope.change_home(actor=a, account=theirs, home=zone.zone),
        lambda: scope.grant_role(actor=a, account=theirs, unit=zone.zone, role="office"),
        lambda: scope.create_account(actor=a, username="x", name="x", home=neighbour.zone),
    ):
        with pytest.raises(NotAllowed):
            attack()
    service = scope.create_account(
        actor=neighbour.actor(neighbour.security), username="b-mes", name="系统", is_service=True
    )
    until = scope.today().replace(year=scope.today().year + 1)
    with pytest.raises(NotAllowed):
        scope.issue_token(actor=a, account=service, name="x", expires_on=until)


def test_a_second_role_elsewhere_takes_nothing_away(zone: Zone, neighbour: Neighbour) -> None:
    scope.grant_role(
        actor=SYSTEM, account=neighbour.instructor, unit=zone.district, role="instructor"
    )
    neighbour.instructor.refresh_from_db()
    assert neighbour.instructor.home == neighbour.zone
    own = neighbour.actor(neighbour.security)
    scope.set_active(actor=own, account=neighbour.instructor, active=False)
    with pytest.raises(NotAllowed):
        scope.set_active(
            actor=zone.actor("security_admin"), account=neighbour.instructor, active=True
        )


def test_a_role_on_a_superior_takes_the_home_up(zone: Zone, neighbour: Neighbour) -> None:
    """Else the zone's administrator would sign in as the county's officer."""
    account = neighbour.office
    scope.grant_role(actor=SYSTEM, account=account, unit=zone.county, role="county_officer")
    assert Account.objects.get(pk=account.pk).home == zone.county
    with pytest.raises(NotAllowed):
        scope.reset_password(
            actor=neighbour.actor(neighbour.security), account=Account.objects.get(pk=account.pk)
        )


def test_other_zones_accounts_are_not_there(zone: Zone, neighbour: Neighbour) -> None:
    client = zone.client("security_admin")
    page = client.get("/admin/accounts/").content.decode()
    assert "示例office" in page and "邻区" not in page
    pk = neighbour.instructor.pk
    assert client.get(f"/admin/accounts/{pk}/").status_code == 404
    assert client.get(f"/admin/accounts/{pk}/grant/{zone.district.pk}/").status_code == 404
    for verb in ("password", "active", "second-factor", "token", "sessions"):
        assert client.post(f"/admin/accounts/{pk}/{verb}/", {}).status_code == 404, verb
    held = neighbour.instructor.roles.get()
    assert client.post(f"/admin/roles/{held.pk}/end/").status_code == 404
    county = scope.create_account(actor=SYSTEM, username="k", name="县安全管理员")
    scope.grant_role(actor=SYSTEM, account=county, unit=zone.county, role="security_admin")
    assert "邻区instructor" in neighbour.client(county).get("/admin/accounts/").content.decode()


# --- the trail --------------------------------------------------------------------------------


def test_an_auditor_reads_the_trail_of_the_own_zone(zone: Zone, neighbour: Neighbour) -> None:
    scope.change_unit(actor=SYSTEM, unit=zone.district, name="示例新材料区")
    with acting(neighbour.actor(neighbour.instructor)):
        scope.choose_language(actor=neighbour.actor(neighbour.instructor), language="en")
    assert Entry.objects.filter(subject_id=str(zone.district.pk)).exists()
    page = neighbour.client(neighbour.auditor).get("/audit/").content.decode()
    assert "邻区" in page and "示例新材料区" not in page and "示例office" not in page
    rows: Any = Rest(_token(zone, neighbour.auditor)).get("/trail").json()["items"]
    paths = {one["path"] for one in rows if one["path"]}
    assert paths and all(one.startswith(neighbour.zone.path) for one in paths)
    subject = f"/audit/scope_unit/{zone.district.pk}/"
    assert neighbour.client(neighbour.auditor).get(subject).status_code == 404
    assert "示例新材料区" in zone.client("auditor").get("/audit/").content.decode()


def _token(zone: Zone, account: Account) -> str:
    service = scope.create_account(
        actor=SYSTEM, username="b-robot", name="系统", is_service=True, home=account.home
    )
    held = account.roles.get()
    scope.grant_role(actor=SYSTEM, account=service, unit=held.unit, role=held.role, since=SINCE)
    until = scope.today().replace(year=scope.today().year + 1)
    return scope.issue_token(actor=SYSTEM, account=service, name="x", expires_on=until)[1]


# --- what is everybody's ----------------------------------------------------------------------


def test_shared_words_are_not_one_zones_to_change(zone: Zone, neighbour: Neighbour) -> None:
    shared = Category.objects.filter(unit=None).first()
    assert shared is not None
    b = neighbour.actor(neighbour.office)
    with pytest.raises(NotAllowed):
        casework.save_category(actor=b, name="改名", unit=neighbour.zone, category=shared)
    own = casework.save_category(actor=b, name="邻区类别", unit=neighbour.zone)
    with pytest.raises(NotAllowed):
        casework.save_category(actor=zone.actor("office"), name="改名", category=own)
    assert "邻区类别" not in zone.client("office").get("/cases/settings/").content.decode()
    names = [
        one["name"] for one in Rest(token_of(zone, "office")).get("/categories").json()["items"]
    ]
    assert shared.name in names and "邻区类别" not in names
    casework.save_category(actor=SYSTEM, name="县里改名", category=shared)


def test_indicators_have_owners(zone: Zone, neighbour: Neighbour) -> None:
    words = {"kind": "amount", "definition": "示例", "measure": "万元"}
    shared = programmes.save_indicator(actor=SYSTEM, key="shared", name="共用", **words)
    own = programmes.save_indicator(
        actor=neighbour.actor(neighbour.office), key="b_own", name="邻区指标", **words
    )
    assert (shared.unit, own.unit) == (None, neighbour.zone)
    a = zone.actor("office")
    for row in (shared, own):
        with pytest.raises(NotAllowed):
            programmes.save_indicator(actor=a, key=row.key, name="改名", indicator=row, **words)
    page = zone.client("office").get("/programmes/indicators/").content.decode()
    assert "共用" in page and "邻区指标" not in page
    assert zone.client("office").get(f"/programmes/indicators/{own.pk}/").status_code == 404
    county = zone.actor("county_officer")
    programmes.save_indicator(
        actor=county, key="shared", name="县里改名", indicator=shared, **words
    )
    assert Indicator.objects.get(pk=shared.pk).name == "县里改名"


# --- what does not exist ----------------------------------------------------------------------


def test_a_foreign_units_name_is_nowhere(zone: Zone, neighbour: Neighbour) -> None:
    from luodi.rooms.programmes.verbs.checks import inside

    with pytest.raises(UserError) as refused:
        inside(neighbour.district, zone.zone, "unit")
    assert "邻区" not in str(refused.value)
    for role in ("office", "liaison", "security_admin"):
        client = zone.client(role)
        assert "邻区示例党建区" not in client.get("/units/").content.decode()
        assert "邻区" not in client.get("/units/?q=邻区").content.decode().replace('"邻区"', "")
        assert client.get(f"/units/{neighbour.district.pk}/").status_code == 404
    names = [one["name"] for one in Rest(token_of(zone, "office")).get("/units").json()["items"]]
    assert zone.county.name in names and not any("邻区" in one for one in names)
    for role in ("county_officer", "department_officer"):
        assert "邻区示例党建区" in zone.client(role).get("/units/").content.decode()
