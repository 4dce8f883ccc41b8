"""What the tests that try every address know of registers."""

from __future__ import annotations

from typing import Any

from tests.expect import (
    CASES,
    DEFINERS,
    DEPARTMENT,
    FOUNDED,
    KNOWN,
    OFFICERS,
    POST_ONLY,
    SEES,
    Ids,
    Operation,
    Page,
    empty,
    holders,
    of_rows,
    on,
    reading,
    reason,
    text,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.registers import api as registers

JURY = KNOWN  # by role, in one of the two juries
PAGES: dict[str, Page] = {
    "registers:registers": CASES,
    "registers:define": holders(*DEFINERS),
    "registers:install": holders(*DEFINERS),
    "registers:entries": holders(*KNOWN),
    "registers:record": holders(*SEES),
    "registers:definition": holders(*DEFINERS),
    "registers:change": holders(*DEFINERS),
    "registers:retire": POST_ONLY,
    "registers:add_column": holders(*DEFINERS),
    "registers:change_column": holders(*DEFINERS),
    "registers:move_column": POST_ONLY,
    "registers:retire_column": POST_ONLY,
    "registers:add_figure": holders(*DEFINERS),
    "registers:change_figure": holders(*DEFINERS),
    "registers:retire_figure": POST_ONLY,
    "registers:export": Page(KNOWN, KNOWN, get=302),
    "registers:entry": of_rows(SEES),
    "registers:change_entry": of_rows(SEES),
    "registers:correct_entry": of_rows(SEES),
    "registers:end_entry": of_rows(SEES),
    "registers:withdraw_entry": of_rows(SEES),
    "registers:attach": of_rows(SEES),
    "registers:rounds": holders(*KNOWN),
    "registers:open_round": holders(*OFFICERS),
    "registers:round": holders(*KNOWN),
    "registers:nominate": holders(*SEES),
    "registers:ballot": POST_ONLY,
    "registers:advance": POST_ONLY,
    "registers:review": holders(*OFFICERS),
    "registers:object": holders(*KNOWN),
    "registers:resolve": holders(*OFFICERS),
}


def entry(ids: Ids) -> Any:
    values = {"title": "示例专利", "type": "design"}
    return {"unit_id": ids["unit"], "values": values, "since": "2022-01-01"}


def correction(ids: Ids) -> Any:
    return {**entry(ids), "reason": "示例"}


def change(ids: Ids) -> Any:
    return {"values": {"title": "示例专利", "type": "design"}, "on": "2022-01-01"}


def another(ids: Ids) -> Any:
    return {"label": "示例列名"}


OPERATIONS: dict[str, Operation] = {
    "GET /registers": reading(KNOWN | DEPARTMENT),
    "GET /registers/{pk}": Operation(KNOWN, about="register", outside=KNOWN),
    "GET /registers/{pk}/entries": Operation(KNOWN, about="register", outside=KNOWN),
    "GET /registers/entries/{pk}": Operation(SEES, about="register_entry"),
    "POST /registers": Operation(
        DEFINERS, lambda ids: {"unit_id": ids["unit"], "name": "示例账", "date_label": "日期"}
    ),
    "POST /registers/{pk}/columns": Operation(
        DEFINERS, lambda ids: {"label": "示例列", "kind": "text"}, "register", DEFINERS
    ),
    "POST /registers/{pk}/figures": Operation(
        DEFINERS, lambda ids: {"name": "示例数", "kind": "count"}, "register", DEFINERS
    ),
    "POST /registers/{pk}/entries": Operation(SEES, entry, "register"),
    "POST /registers/entries/{pk}/change": Operation(SEES, change, "register_entry"),
    "POST /registers/entries/{pk}/correct": Operation(SEES, correction, "register_entry"),
    "POST /registers/entries/{pk}/end": Operation(SEES, on, "register_entry"),
    "POST /registers/entries/{pk}/withdraw": Operation(SEES, reason, "register_entry"),
    "POST /registers/entries/{pk}/files": Operation(SEES, about="register_entry"),
    "GET /registers/{pk}/rounds": Operation(KNOWN, about="award", outside=KNOWN),
    "GET /registers/rounds/{pk}": Operation(KNOWN, about="round", outside=KNOWN),
    "POST /registers/{pk}/rounds": Operation(
        OFFICERS, lambda ids: {"unit_id": ids["zone"], "name": "示例新一轮"}, "award"
    ),
    "POST /registers/rounds/{pk}/candidacies": Operation(
        SEES,
        lambda ids: {"unit_id": ids["unit"], "name": "示例孙家", "reason": "示例"},
        "round:nominate",
    ),
    "POST /registers/rounds/{pk}/ballot": Operation(
        JURY, lambda ids: {"approves": [ids["candidacy"]]}, "round", JURY
    ),
    "POST /registers/rounds/{pk}/advance": Operation(OFFICERS, empty, "round:nominate"),
    "POST /registers/candidacies/{pk}/review": Operation(
        OFFICERS, lambda ids: {"passed": True}, "candidacy:review"
    ),
    "POST /registers/candidacies/{pk}/objections": Operation(KNOWN, text, "candidacy", KNOWN),
    "POST /registers/objections/{pk}/resolve": Operation(
        OFFICERS, lambda ids: {"upheld": False, "answer": "示例"}, "objection"
    ),
    "POST /registers/install": Operation(
        DEFINERS, lambda ids: {"unit_id": ids["zone"], "key": "brands"}, outside=DEFINERS
    ),
    "PATCH /registers/{pk}": Operation(
        DEFINERS, lambda ids: {"name": "示例台账"}, "register", DEFINERS
    ),
    "POST /registers/{pk}/retire": Operation(DEFINERS, empty, "register", DEFINERS),
    "PATCH /registers/columns/{pk}": Operation(DEFINERS, another, "register_column", DEFINERS),
    "POST /registers/columns/{pk}/move": Operation(
        DEFINERS, lambda ids: {"up": False}, "register_column", DEFINERS
    ),
    "POST /registers/columns/{pk}/retire": Operation(
        DEFINERS, empty, "register_column:free", DEFINERS
    ),
    "PATCH /registers/figures/{pk}": Operation(
        DEFINERS, lambda ids: {"name": "示例指标名"}, "register_figure", DEFINERS
    ),
    "POST /registers/figures/{pk}/retire": Operation(DEFINERS, empty, "register_figure", DEFINERS),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("registers:change_column", "pk"): "register_column",
    ("registers:move_column", "pk"): "register_column",
    ("registers:retire_column", "pk"): "register_column",
    ("registers:change_figure", "pk"): "register_figure",
    ("registers:retire_figure", "pk"): "register_figure",
    ("registers:entry", "pk"): "register_entry",
    ("registers:change_entry", "pk"): "register_entry",
    ("registers:correct_entry", "pk"): "register_entry",
    ("registers:end_entry", "pk"): "register_entry",
    ("registers:withdraw_entry", "pk"): "register_entry",
    ("registers:attach", "pk"): "register_entry",
    ("registers:rounds", "pk"): "award",
    ("registers:open_round", "pk"): "award",
    ("registers:round", "pk"): "round",
    ("registers:nominate", "pk"): "round",
    ("registers:ballot", "pk"): "round",
    ("registers:advance", "pk"): "round",
    ("registers:review", "pk"): "candidacy",
    ("registers:object", "pk"): "candidacy",
    ("registers:resolve", "pk"): "objection",
    ("registers:", "pk"): "register",
}
NUMBERS: dict[str, str] = {
    "registers:change_column": "what a change would meet",
    "registers:round": "the parameters of an award, and its ballots, which are secret",
    "registers:rounds": "the parameters of an award",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """The zone's registers, which both have; an entry of the unit; an award's round at its vote."""
    found = registers.Register.objects.filter(key="patents").first()
    patents = found or registers.install(actor=SYSTEM, unit=zone.zone, key="patents")
    entry = registers.record_entry(
        actor=SYSTEM,
        register=patents,
        unit=unit,
        values={"title": "示例专利", "type": "invention"},
        since=FOUNDED,
    )
    round_ = registers.Round.objects.filter(name="示例年度").first() or _award(zone, unit)
    candidacy = round_.candidacies.get()
    begun, reviewed = _begun(round_, unit, "推荐"), _begun(round_, unit, "审核")
    registers.advance(actor=SYSTEM, round_=reviewed)
    return {
        "register": patents.pk,
        "register_column": patents.living[0].pk,
        "register_column:free": _free_column(patents).pk,
        "register_figure": patents.figures.all()[0].pk,
        "register_entry": entry.pk,
        "award": round_.register_id,
        "round": round_.pk,
        "candidacy": candidacy.pk,
        "objection": candidacy.objections.get().pk,
        "round:nominate": begun.pk,
        "candidacy:review": reviewed.candidacies.get().pk,
    }


def _award(zone: Zone, unit: Unit) -> registers.Round:
    families = registers.install(actor=SYSTEM, unit=zone.zone, key="families")
    round_ = registers.open_round(
        actor=SYSTEM, register=families, unit=zone.zone, name="示例年度", notice_days=0
    )
    candidacy = registers.nominate(
        actor=SYSTEM, round_=round_, unit=unit, name="示例赵家", reason="示例"
    )
    registers.advance(actor=SYSTEM, round_=round_)
    candidacy = registers.review(actor=SYSTEM, candidacy=candidacy, passed=True)
    registers.advance(actor=SYSTEM, round_=round_)
    registers.object_to(actor=SYSTEM, candidacy=candidacy, text="示例", by="示例某")
    return registers.advance(actor=SYSTEM, round_=round_)


def _free_column(register: registers.Register) -> registers.Column:
    """A column that nothing else needs."""
    found = register.columns.filter(label="示例备用列").first()
    return found or registers.add_column(
        actor=SYSTEM, register=register, kind="text", label="示例备用列"
    )


def _begun(like: registers.Round, unit: Unit, name: str) -> registers.Round:
    """Another round of the same award, with a candidate of the unit."""
    round_ = registers.open_round(
        actor=SYSTEM, register=like.register, unit=like.unit, name=f"示例{name}{unit.pk}"
    )
    registers.nominate(actor=SYSTEM, round_=round_, unit=unit, name="示例钱家", reason="示例")
    return round_
