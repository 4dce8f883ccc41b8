"""`luodi api`: the REST interface from a terminal, with the powers of who acts and no more."""

from __future__ import annotations

import json

import pytest
from tests.zone import Zone

from luodi import cli
from luodi.cli import operations


@pytest.fixture(autouse=True)
def is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "ready", lambda: None)


def test_one_adds_and_reads(zone: Zone, capsys: pytest.CaptureFixture[str]) -> None:
    body = json.dumps({"unit": zone.zone.pk, "name": "示例中心", "kind": "centre"})
    office = zone.accounts["office"].username
    assert cli.main(["api", "POST", "/venues", "--as", office, "--body", body]) == 0
    capsys.readouterr()
    assert cli.main(["api", "get", "venues?limit=5", "--as", office]) == 0
    [found] = json.loads(capsys.readouterr().out)["items"]
    assert found["name"] == "示例中心"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["POST", "/venues", "--body", "{"], "JSON"),
        (["POST", "/venues", "--body", '{"name": "x"}'], "kind"),
        (["GET", "/venues/987654"], "没有这条记录"),
        (["GET", "/nothing"], "/api/v1/nothing"),
    ],
)
def test_a_refusal_is_a_sentence(
    zone: Zone, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    office = zone.accounts["office"].username
    assert cli.main(["api", *arguments, "--as", office]) == 1
    assert sentence in capsys.readouterr().err


def test_who_may_not_is_refused(zone: Zone, capsys: pytest.CaptureFixture[str]) -> None:
    body = json.dumps({"unit": zone.enterprise.pk, "name": "示例中心", "kind": "centre"})
    liaison = zone.accounts["liaison"].username
    assert cli.main(["api", "POST", "/venues", "--as", liaison, "--body", body]) == 1
    assert cli.main(["operations", "venue"]) == 0
    assert "/venues/{pk}/close" in capsys.readouterr().out
