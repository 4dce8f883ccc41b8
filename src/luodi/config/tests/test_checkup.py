"""What a deployment lacks and what a database cannot do is said in a sentence; nothing stays behind."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.zone import Zone

from luodi import cli
from luodi.config import compatible, doctor
from luodi.config.compatible import Feature

GOOD = Feature("good", "", ("SELECT 1",), gives=1)


def test_this_database_can(server: tuple[str, dict[str, str]]) -> None:
    assert [one.fault for one in compatible.tried(server[0]) if one.fault] == []
    with psycopg.connect(server[0]) as connection:
        left = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'luodi_check_%'"
            " UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'luodi_check_%'"
        ).fetchall()
    assert left == []


@pytest.mark.parametrize(
    ("feature", "fault"),
    [
        (Feature("unknown", "", ("SELECT no_such_function()",)), "no_such_function"),
        (Feature("another", "", ("SELECT 2",), gives=3), "2"),
        (Feature("lax", "", (), refused="SELECT 1"), "SELECT 1"),
    ],
)
def test_one_that_lacks_hides_no_other(
    server: tuple[str, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    feature: Feature,
    fault: str,
) -> None:
    monkeypatch.setattr(compatible, "FEATURES", (feature, GOOD))
    found = list(compatible.tried(server[0]))
    assert [bool(one.fault) for one in found] == [False, True, False]
    assert fault in found[1].fault
    assert cli.main(["check-database", server[0]]) == 1
    assert "1 features are missing" in capsys.readouterr().out


def test_nothing_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-database", "postgresql://nobody@127.0.0.1:1/none"]) == 1
    assert "cannot connect" in capsys.readouterr().err


@pytest.fixture
def looked(zone: Zone, settings: Any) -> Any:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://127.0.0.1:8000", ["127.0.0.1"]
    settings.EMAIL_HOST = ""
    return settings


def states(backups: Path | None = None) -> dict[str, str]:
    return {one.what.split()[-1]: one.state for one in doctor.findings(backups)}


def test_what_is_wrong_is_seen(
    looked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = states(tmp_path)
    assert before["database"] == before["clock"] == before["address"] == "good"
    assert before["backup"] == before["worker"] == "bad"  # an empty folder, and nothing runs
    monkeypatch.setattr(doctor, "_database", lambda: ("good", "seen above"))
    (tmp_path / "new.tar").touch()
    looked.SITE_URL = "http://zone.example"
    looked.EMAIL_HOST, looked.EMAIL_PORT = "127.0.0.1", 1
    monkeypatch.setattr(doctor, "DISK_LEFT", 2)
    after = states(tmp_path)
    assert after["backup"] == "good"
    assert after["address"] == after["mail"] == after["disk"] == "bad"
    looked.ALLOWED_HOSTS = ["zone.example"]
    assert states()["address"] == "bad"  # no TLS
    old = time.time() - 3 * 86_400
    os.utime(tmp_path / "new.tar", (old, old))
    assert states(tmp_path)["backup"] == "bad"
