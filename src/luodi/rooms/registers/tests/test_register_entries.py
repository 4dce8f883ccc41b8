"""Entries through their lives: recorded, changed, corrected, ended, withdrawn, read at any date."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.zone import Zone

from luodi.ground.evidence import api as evidence
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.directory import api as directory
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Entry
from luodi.rooms.registers.reading import value_of, with_columns

D = dt.date


def patents(zone: Zone) -> api.Register:
    return api.install(actor=SYSTEM, unit=zone.zone, key="patents")


def patent(zone: Zone, register: api.Register, **rest: object) -> api.Entry:
    known = {
        "actor": SYSTEM,
        "unit": zone.enterprise,
        "values": {"title": "示例压铸模具", "type": "发明专利"},
        "since": D(2021, 5, 1),
    }
    return api.record_entry(register=register, **{**known, **rest})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", sorted(api.shipped()))
def test_every_shipped_register_installs(zone: Zone, key: str) -> None:
    with acting(zone.actor("office")) as office:
        register = api.install(actor=office, unit=zone.zone, key=key)
        assert register.columns.count() == len(api.shipped()[key]["columns"])
        with pytest.raises(UserError):
            api.install(actor=office, unit=zone.zone, key=key)
    for role in ("liaison", "instructor", "secretary"):
        with acting(zone.actor(role)) as actor, pytest.raises(NotAllowed):
            api.install(actor=actor, unit=zone.zone, key=key)


def test_what_is_recorded_is_read_back(zone: Zone) -> None:
    register = patents(zone)
    with acting(zone.actor("liaison")) as liaison:
        assert api.Register.objects.get().name == "专利"  # kept above, seen below
        entry = patent(zone, register, actor=liaison)
        rows = with_columns(Entry.objects.on(D(2022, 1, 1)), register.living, D(2022, 1, 1))
        (row,) = rows
        assert row.title == "示例压铸模具" and row.origin_id == entry.pk == row.pk
        assert [value_of(row, c) for c in register.living][1] == "发明专利"
        assert list(Entry.objects.search(register, "压铸")) == [row]
        assert list(Entry.objects.search(register, "示例甲公司")) == [row]
        assert not Entry.objects.search(register, "储能")
        assert not Entry.objects.on(D(2021, 4, 30))


def test_a_change_begins_a_day_and_a_correction_replaces(zone: Zone) -> None:
    register = patents(zone)
    at = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    entry = patent(zone, register, at=at)
    changed = api.change_entry(
        actor=SYSTEM,
        entry=entry,
        values={"title": "示例新名", "type": "invention"},
        on=D(2022, 3, 1),
        unit=zone.second,
        at=at + dt.timedelta(days=90),
    )
    assert changed.origin_id == entry.pk and changed.unit == zone.second
    on = Entry.objects.on
    assert on(D(2022, 2, 28)).get().unit == zone.enterprise
    assert on(D(2022, 3, 1)).get().unit == zone.second
    assert on(D(2022, 3, 1), at + dt.timedelta(days=1)).get().unit == zone.enterprise
    api.correct_entry(
        actor=SYSTEM,
        entry=entry,
        values={"title": "示例改正", "type": "utility"},
        since=D(2022, 4, 1),
        reason="抄错了",
        at=at + dt.timedelta(days=120),
    )
    assert not on(D(2022, 3, 1)).exists() and on(D(2022, 4, 1)).get().title == "示例改正"
    assert on(D(2022, 3, 1), at + dt.timedelta(days=100)).get().title == "示例新名"
    api.end_entry(actor=SYSTEM, entry=entry, on=D(2023, 1, 1))
    assert not on(D(2023, 1, 1)).exists() and on(D(2022, 12, 31)).exists()
    api.withdraw_entry(actor=SYSTEM, entry=entry, reason="重复登记")
    assert not Entry.objects.known().exists()
    with pytest.raises(NotFound):
        api.current(entry)


def test_who_may_write_where(zone: Zone) -> None:
    register = patents(zone)
    entry = patent(zone, register, unit=zone.elsewhere)
    with acting(zone.actor("liaison")) as liaison:
        assert not Entry.objects.exists()
        with pytest.raises(NotAllowed):
            patent(zone, register, actor=liaison, unit=zone.elsewhere)
        with pytest.raises(NotFound):
            api.withdraw_entry(actor=liaison, entry=entry, reason="x")
    with acting(zone.actor("department_officer")) as officer, pytest.raises(NotAllowed):
        patent(zone, register, actor=officer)
    backbone = api.install(actor=SYSTEM, unit=zone.zone, key="backbone")
    person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例赵")
    with acting(zone.actor("liaison")) as liaison, pytest.raises(NotAllowed):
        patent(zone, backbone, actor=liaison, values={"person": person.pk})


def test_a_reference_out_of_reach_is_as_one_that_is_not_there(zone: Zone) -> None:
    backbone = api.install(actor=SYSTEM, unit=zone.zone, key="backbone")
    own = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例赵")
    far = directory.add_person(actor=SYSTEM, unit=zone.elsewhere, name="示例钱")
    with acting(zone.actor("branch_secretary")) as actor:
        said = set()
        for pk in (far.pk, far, 10**15, 2**63, -1, 0, "1; DROP", True, 10**40):
            with pytest.raises(UserError) as problem:
                patent(zone, backbone, actor=actor, values={"person": pk})
            said.add((str(problem.value), problem.value.field))
        assert len(said) == 1
        entry = patent(zone, backbone, actor=actor, values={"person": str(own.pk)})
        assert entry.title == "示例赵" and "示例赵" not in str(entry.values)


def test_looked_up_columns_hold_nothing(zone: Zone) -> None:
    backbone = api.install(actor=SYSTEM, unit=zone.zone, key="backbone")
    person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例赵")
    entry = patent(zone, backbone, values={"person": person.pk})
    member = next(c for c in backbone.living if c.key == "member")

    def seen(on: dt.date) -> object:
        return value_of(with_columns(Entry.objects.filter(pk=entry.pk), [member], on).get(), member)

    assert seen(D(2022, 6, 1)) is False
    branch = directory.found_branch(
        actor=SYSTEM,
        parent=zone.enterprise,
        name="示例支部",
        type="branch",
        founded_on=D(2021, 1, 1),
    )
    directory.start_membership(
        actor=SYSTEM, person=person, branch=branch, stage="formal", since=D(2022, 7, 1)
    )
    assert seen(D(2022, 6, 1)) is False and seen(D(2022, 7, 1)) is True
    with pytest.raises(UserError):
        patent(zone, backbone, values={"person": person.pk, "member": "是"})


def test_hostile_values_are_refused_at_their_column(zone: Zone) -> None:
    with acting(zone.actor("office")) as office:
        register = api.define_register(
            actor=office,
            unit=zone.zone,
            key="odd",
            name="示例",
            date_label="日期",
            columns=[
                {"key": "n", "kind": "number", "label": "数", "places": 2},
                {"key": "d", "kind": "date", "label": "日"},
                {"key": "c", "kind": "choice", "label": "选", "choices": [["a", "甲", "A"]]},
                {"key": "y", "kind": "yes_no", "label": "否"},
                {"key": "t", "kind": "text", "label": "字"},
            ],
        )
        bad = {
            "n": ["1e999", "NaN", "Infinity", "1" * 20, "9" * 16, "1.234", "一", "1;2", True, []],
            "d": ["2022-13-01", "0001-01-01", "9999-12-31", "22年", 5],
            "c": ["b", "=A1", "甲乙"],
            "y": ["maybe", 2],
            "t": ["\0", "x" * 3000],
        }
        for key, values in bad.items():
            for value in values:
                if value == []:
                    continue
                with pytest.raises(UserError) as problem:
                    patent(zone, register, actor=office, values={key: value})
                assert problem.value.field == key, value
        entry = patent(
            zone,
            register,
            actor=office,
            values={"n": "-12,345.60", "d": D(2022, 1, 2), "c": "甲", "y": "是", "t": "=1+1"},
        )
        row = with_columns(Entry.objects.filter(pk=entry.pk), register.living, D(2022, 1, 1)).get()
        assert [value_of(row, c) for c in register.living] == [
            Decimal("-12345.60"), D(2022, 1, 2), "甲", True, "=1+1",
        ]  # fmt: skip
        with pytest.raises(UserError):
            patent(zone, register, actor=office, values={"nothing": 1})


def test_evidence_is_kept_with_the_entry_through_its_corrections(zone: Zone) -> None:
    register = patents(zone)
    api.change_register(actor=SYSTEM, register=register, evidence="required")
    with pytest.raises(UserError):
        patent(zone, register)
    proof = SimpleUploadedFile("证书（示例）.txt", "示例".encode())
    entry = patent(zone, register, files=[proof])
    fresh = api.correct_entry(
        actor=SYSTEM,
        entry=entry,
        values={"title": "示例", "type": "design"},
        since=D(2021, 5, 2),
        reason="示例",
    )
    found = evidence.files_of({"registers_entry": [fresh.origin_id]})
    assert [file.name for file in found["registers_entry", entry.pk]] == ["证书（示例）.txt"]
