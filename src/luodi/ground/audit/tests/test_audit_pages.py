"""The trail in plain words: who may read it, and what it says."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.zone import Zone

from luodi.ground.audit.api import Entry, note, register_history, seal
from luodi.ground.audit.history import CHILDREN, entries_of, steps
from luodi.ground.scope.api import (
    SYSTEM,
    acting,
    because,
    change_unit,
    close_unit,
    grant_role,
    move_unit,
    reset_password,
)


def told(subject: str, pk: object) -> list[str]:
    found = steps(entries_of(subject, str(pk)))
    return [change for step in found for line in step.lines for change in line.changes]


def test_a_change_is_told_from_what_to_what_with_its_reason(zone: Zone) -> None:
    because("企业申请")
    change_unit(actor=SYSTEM, unit=zone.enterprise, name="示例甲集团")
    close_unit(actor=SYSTEM, unit=zone.enterprise, on=dt.date(2022, 12, 25))
    sentences = told("scope_unit", zone.enterprise.pk)
    assert "把名称从 示例甲公司 改为 示例甲集团" in sentences
    assert "填写撤销日期：2022-12-25" in sentences
    assert "类型：企业" in sentences
    assert "上级：示例新材料党建区" in sentences
    assert next(iter(steps(entries_of("scope_unit", str(zone.enterprise.pk))))).why == "企业申请"


def test_a_foreign_key_is_told_by_names_before_and_after(zone: Zone) -> None:
    move_unit(actor=SYSTEM, unit=zone.enterprise, parent=zone.other_district)
    assert "把上级从 示例新材料党建区 改为 示例新能源党建区" in told(
        "scope_unit", zone.enterprise.pk
    )


def test_hidden_values_are_named_only(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    reset_password(actor=SYSTEM, account=account)
    account.refresh_from_db()
    text = "；".join(told("scope_account", account.pk))
    assert "内容不记入" in text and account.password not in text


def test_periods_and_choices_are_words(zone: Zone) -> None:
    holding = grant_role(
        actor=SYSTEM,
        account=zone.accounts["liaison"],
        unit=zone.second,
        role="liaison",
        since=dt.date(2022, 12, 1),
        until=dt.date(2023, 1, 1),
    )
    sentences = told("scope_roleholding", holding.pk)
    assert "有效期：2022-12-01 至 2023-01-01" in sentences
    assert "角色：企业联络员" in sentences and "单位：示例乙公司" in sentences


@pytest.fixture
def family() -> Iterator[None]:
    register_history("scope_account", children=[("scope_roleholding", "account_id")])
    yield
    del CHILDREN["scope_account"]


def test_children_stand_in_the_history_and_an_auditor_sees_them_too(
    zone: Zone, family: None
) -> None:
    pk = str(zone.accounts["liaison"].pk)
    assert "角色：企业联络员" in told("scope_account", pk)
    with acting(zone.actor("auditor")):
        subjects = {entry.subject for entry in entries_of("scope_account", pk, whole_trail=True)}
    assert subjects == {"scope_account", "scope_roleholding"}


def test_the_history_costs_the_same_queries_however_long(zone: Zone) -> None:
    client = zone.client("office")
    address = f"/audit/scope_unit/{zone.enterprise.pk}/"

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    change_unit(actor=SYSTEM, unit=zone.enterprise, name="示例一")
    few = queries()
    for n in range(6):
        move_unit(
            actor=SYSTEM,
            unit=zone.enterprise,
            parent=zone.other_district if n % 2 == 0 else zone.district,
        )
        zone.enterprise.refresh_from_db()
    assert queries() == few


def test_a_history_is_for_those_who_may_see_the_record(zone: Zone) -> None:
    address = f"/audit/scope_unit/{zone.elsewhere.pk}/"
    assert zone.client("office").get(address).status_code == 200
    assert zone.client("auditor").get(address).status_code == 200
    assert zone.client("liaison").get(address).status_code == 404
    assert zone.client("office").get("/audit/nothing/1/").status_code == 404
    # entries of accounts belong to no unit: to the trail's reader alone
    account = f"/audit/scope_account/{zone.accounts['liaison'].pk}/"
    assert zone.client("office").get(account).status_code == 404
    assert zone.client("auditor").get(account).status_code == 200


@pytest.mark.parametrize(
    "role", ["office", "secretary", "system_admin", "security_admin", "liaison"]
)
def test_the_trail_is_the_auditors_alone(zone: Zone, role: str) -> None:
    for page in ("/audit/", "/audit/seals/", "/audit/?format=xlsx"):
        assert zone.client(role).get(page).status_code == 403


def test_the_trail_is_filtered(zone: Zone) -> None:
    client = zone.client("auditor")
    html = client.get("/audit/?subject=scope_unit&action=insert").content.decode()
    assert "名称：示例甲公司" in html and "登录名" not in html.split("<tbody")[1]
    assert (
        "没有符合条件的记录"
        in client.get("/audit/?since=2000-01-01&until=2000-01-02").content.decode()
    )
    assert client.get("/audit/?since=yesterday").status_code == 422  # nothing is shown, and why


def test_an_export_leaves_an_entry(zone: Zone) -> None:
    assert zone.client("security_admin").get("/admin/accounts/?format=xlsx").status_code == 200
    with acting(SYSTEM):
        entry = Entry.objects.filter(action="export").latest("id")
    assert entry.subject_id == "accounts" and entry.changes["rows"] == [
        None,
        len(zone.accounts) - 2,  # the county's and its department's are not the zone's
    ]


def test_seals_are_shown_and_verified(zone: Zone) -> None:
    seal()
    html = zone.client("auditor").get("/audit/seals/?verify=1").content.decode()
    assert "核验通过" in html
    assert zone.client("auditor").get("/audit/seals/?format=print").status_code == 200


def test_keys_are_unique_per_form(zone: Zone) -> None:
    html = zone.client("office").get(f"/units/{zone.district.pk}/new/").content.decode()
    key = html.split('name="_once" value="')[1].split('"')[0]
    assert uuid.UUID(key)


@pytest.mark.parametrize("pk", ["CJ2026-000043", "%00", "99999999999999999999"])
def test_what_is_no_id_of_a_record_is_not_found(zone: Zone, pk: str) -> None:
    for role in ("liaison", "auditor"):
        address = f"/audit/casework_case/{pk}/"
        assert zone.client(role).get(address).status_code == 404


def test_an_export_of_a_long_key_leaves_an_entry(zone: Zone) -> None:
    """The fault: the key of a figure has up to 80 characters, a row's in the trail 40."""
    key = "programmes." + "x" * 60
    note("export", "figure", key, rows=1)
    entry = Entry.objects.filter(action="export").latest("id")
    assert entry.subject_id == key[:40] and entry.changes["key"] == [None, key]
