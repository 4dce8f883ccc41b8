"""Registers over REST and on the command line."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.cli import registers as cli
from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import UserError
from luodi.rooms.directory import api as directory
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Entry


def test_an_entry_over_rest(zone: Zone) -> None:
    office, liaison = (Rest(token_of(zone, role)) for role in ("office", "liaison"))
    made = office.post(
        "/registers",
        {
            "unit_id": zone.zone.pk,
            "name": "示例设备",
            "date_label": "购置日",
            "dated": True,
            "columns": [
                {"label": "名称", "kind": "text", "key": "title", "required": True},
                {"label": "原值", "kind": "money", "key": "cost"},
                {"label": "信用代码", "kind": "lookup", "lookup": "unit.code"},
            ],
        },
    ).json()
    assert [one["key"] for one in made["columns"]][:2] == ["title", "cost"]
    figure = office.post(
        f"/registers/{made['id']}/figures",
        {"name": "设备原值", "kind": "sum", "amount": "cost", "key": "cost"},
    ).json()
    assert figure["key"].endswith(".cost")
    [shown] = [one for one in office.get("/registers").json()["items"] if one["id"] == made["id"]]
    assert shown["figures"] == [figure]
    body = {
        "unit_id": zone.enterprise.pk,
        "values": {"title": "示例机", "cost": "12.50"},
        "since": "2022-01-01",
    }
    entry = liaison.post(f"/registers/{made['id']}/entries", body).json()
    assert entry["values"]["cost"] == "12.50" and "xinyongdaima" in entry["looked_up"]
    wrong = {**body, "values": {"title": "示例机", "cost": "很多"}}
    refused = liaison.post(f"/registers/{made['id']}/entries", wrong)
    assert refused.status_code == 422 and refused.json()["field"] == "cost"
    changed = liaison.post(
        f"/registers/entries/{entry['id']}/change",
        {"values": {"title": "示例机", "cost": 13}, "on": "2022-06-01"},
    ).json()
    assert changed["id"] == entry["id"] and changed["values"]["cost"] == "13.00"

    def listed(rest: Rest, query: str) -> list[Any]:
        page = rest.get(f"/registers/{made['id']}/entries?count=1&{query}").json()
        assert page["count"] == len(page["items"])
        return [one["values"]["cost"] for one in page["items"]]

    assert listed(liaison, "on=2022-03-01") == ["12.50"]
    assert listed(liaison, "on=2022-07-01&q=示例机") == ["13.00"]
    assert listed(office, f"on=2022-07-01&unit={zone.second.pk}") == []
    assert liaison.post(
        f"/registers/entries/{entry['id']}/withdraw", {"reason": "示例"}
    ).status_code == 204  # fmt: skip
    assert liaison.get(f"/registers/entries/{entry['id']}").status_code == 404


def test_personal_entries_over_rest(zone: Zone) -> None:
    backbone = api.install(actor=SYSTEM, unit=zone.zone, key="backbone")
    person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例赵")
    secretary, liaison = (Rest(token_of(zone, role)) for role in ("branch_secretary", "liaison"))
    body = {
        "unit_id": zone.enterprise.pk,
        "values": {"person": person.pk},
        "since": "2022-01-01",
    }
    made = secretary.post(f"/registers/{backbone.pk}/entries", body).json()
    assert made["references"] == {"person": person.pk}
    assert made["looked_up"]["member"] is False
    assert liaison.get(f"/registers/{backbone.pk}/entries").status_code == 403
    assert liaison.get(f"/registers/entries/{made['id']}").status_code == 403


def test_the_command_line(
    zone: Zone,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "ready", lambda: None)
    parser = argparse.ArgumentParser()
    cli.add_to(parser.add_subparsers())

    def luodi(*words: object) -> int:
        given = parser.parse_args(["register", *map(str, words)])
        return int(given.run(given))

    assert luodi("install", "honours", "--as", "office") == 0
    assert luodi("list", "--as", "liaison") == 0
    assert "荣誉" in capsys.readouterr().out
    register = api.Register.objects.get()
    api.record_entry(
        actor=SYSTEM,
        register=register,
        unit=zone.enterprise,
        values={"title": "示例先锋号", "level": "county"},
        since=dt.date(2022, 4, 28),
    )
    out = tmp_path / "honours.xlsx"
    assert luodi("export", "honours", out, "--as", "office") == 0
    assert luodi("import", "honours", out, "--as", "office", "--dry-run") == 0
    api.withdraw_entry(actor=SYSTEM, entry=Entry.objects.get(), reason="示例")
    assert luodi("import", "honours", out, "--as", "office") == 1  # its number is gone
    assert "它是什么号码" in capsys.readouterr().out
    with pytest.raises(UserError):
        luodi("export", "nothing", out, "--as", "office")
