"""Programmes over REST and on the command line: the same verbs as on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.programmes import target_of
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.cli import parser
from luodi.cli import programmes as command
from luodi.ground.scope.api import SYSTEM, today
from luodi.rooms.casework import api as casework
from luodi.rooms.programmes.models import Indicator, MeasureCase, Observation


def test_a_programme_is_changed_over_rest(zone: Zone) -> None:
    rest, target = Rest(token_of(zone, "office")), target_of(zone)
    measure = target.measure
    programme = f"/programmes/{measure.programme_id}"
    changed = rest.send("PATCH", programme, {"aim": "示例目的"}).json()
    assert (changed["aim"], changed["name"]) == ("示例目的", measure.programme.name)
    assert rest.send("PATCH", programme, {"until": "1999-01-01"}).status_code == 422
    own = f"/programmes/measures/{measure.pk}"
    changed = rest.send("PATCH", own, {"text": "示例新举措", "owner_id": None}).json()
    assert (changed["text"], changed["owner_id"]) == ("示例新举措", None)
    assert changed["owner_unit_id"] == measure.owner_unit_id
    rest.post(f"{own}/finish", {"on": str(today()), "result": "示例"})
    assert rest.post(f"{own}/reopen", {}).json()["done_on"] is None
    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例问题")
    assert rest.post(f"{own}/cases", {"code": case.code}).status_code == 204
    assert rest.get(programme).json()["measures"][0]["cases"] == [case.code]
    assert rest.post(f"{own}/cases/remove", {"code": case.code}).status_code == 204
    assert not MeasureCase.objects.exists()
    dropped = {"on": str(today()), "reason": "示例"}
    assert rest.post(f"/programmes/targets/{target.pk}/drop", dropped).status_code == 204
    assert rest.get(programme).json()["measures"][0]["targets"] == []


def test_a_statement_is_defined_corrected_and_taken_back_over_rest(zone: Zone) -> None:
    rest = Rest(token_of(zone, "office"))
    words = {"name": "示例投资增速", "definition": "示例口径"}
    made = rest.post("/indicators", {"key": "example", "kind": "growth", **words}).json()
    changed = rest.send("PATCH", f"/indicators/{made['id']}", {"synonyms": ["示例增速"]}).json()
    assert changed["name"] == "示例投资增速"
    assert Indicator.objects.get().synonyms == ["示例增速"]
    said = {"organisation": "示例统计局", "document": "示例公报", "base": "100", "current": "120"}
    span = {"unit_id": zone.zone.pk, "since": "2021-01-01", "until": "2021-12-31"}
    entered = rest.post(f"/indicators/{made['id']}/observations", said | span).json()
    figure = f"/figures/programmes.example?unit={zone.zone.pk}&since=2021-01-01&until=2021-12-31"
    assert rest.get(figure).json()["value"] == "20.0"
    again = f"/observations/{entered['id']}/correct"
    corrected = rest.post(again, said | {"current": "130"}).json()
    assert rest.get(figure).json()["value"] == "30.0"
    assert rest.post(again, said).status_code == 404  # no longer what is known
    assert rest.post(f"/observations/{corrected['id']}/withdraw", {}).status_code == 204
    assert rest.get(figure).json()["value"] is None and Observation.objects.count() == 2


def test_on_the_command_line_a_gap_opens_one_case(
    zone: Zone,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(command, "ready", lambda: None)
    target = target_of(zone)

    def ran(*words: str) -> str:
        options = parser().parse_args(["programme", *words])
        assert options.run(options) == 0
        return capsys.readouterr().out

    assert f"{target.pk}  [" in ran("board")
    opened = ran("case", str(target.pk), "--as", "office")
    assert opened == ran("case", str(target.pk), "--as", "office")
    [link] = MeasureCase.objects.all()
    assert link.target == target and link.case.code in opened
    ran("roadmap", "--svg", str(tmp_path / "r.svg"))
    assert (tmp_path / "r.svg").read_text().startswith("<svg")
