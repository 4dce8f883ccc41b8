"""`luodi check`: what it exits with, what it says without records, and whom it asks about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.zone import Zone

from luodi.cli import check, main
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import UserError


def test_without_records_it_says_that_it_only_extracts_and_builds_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("luodi.config.ready.is_embedded", lambda: True)
    monkeypatch.setattr("luodi.config.ready.data_dir", lambda: tmp_path)
    assert main(["check", "党员90人", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["records"] is False and "只列出数量" in answer["note"]
    assert [one["value"] for one in answer["quantities"]] == [90]
    assert main(["check", "党员90人", "--unit", "开发区"]) == 2
    assert "没有台账" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "code"), [("全区划分了2个党建区。", 0), ("全区划分了3个党建区。", 1), ("没有.docx", 2)]
)
def test_exit_codes(zone: Zone, monkeypatch: pytest.MonkeyPatch, text: str, code: int) -> None:
    monkeypatch.setattr("luodi.config.ready.ready", lambda: None)
    monkeypatch.setattr(check, "_has_records", lambda: True)
    assert main(["check", text, "--unit", zone.zone.name, "--at", "2022-12-22"]) == code


def test_a_unit_that_may_be_several_is_asked(zone: Zone) -> None:
    with acting(SYSTEM):
        assert check._unit(zone.zone.name) == zone.zone
        assert check._unit(str(zone.zone.pk)) == zone.zone
        with pytest.raises(UserError, match="是哪一个"):
            check._unit("示例")
        with pytest.raises(UserError, match="没有单位"):
            check._unit("无此单位")
