"""Registers that an administrator defines: columns and what their changes do, figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.zone import Zone

from luodi.ground.figures.definition import Kind, Question
from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.registers import api
from luodi.rooms.registers.figures import provider

D = dt.date


def ledger(zone: Zone, actor: Actor = SYSTEM) -> api.Register:
    return api.define_register(
        actor=actor,
        unit=zone.zone,
        key="works",
        name="示例工程",
        date_label="完工日",
        title_column="title",
        columns=[
            {"key": "title", "kind": "text", "label": "名称", "required": True},
            {"key": "cost", "kind": "money", "label": "造价", "measure": "万元"},
            {
                "key": "class",
                "kind": "choice",
                "label": "类",
                "choices": [["a", "甲", "A"], ["b", "乙", "B"]],
            },
            {"key": "by", "kind": "unit", "label": "承建单位"},
        ],
    )


def enter(register: api.Register, unit: object, title: str, **values: object) -> api.Entry:
    return api.record_entry(
        actor=SYSTEM,
        register=register,
        unit=unit,  # type: ignore[arg-type]
        values={"title": title, **values},
        since=D(2022, 5, 1),
    )


def column(register: api.Register, key: str) -> api.Column:
    return register.columns.get(key=key)


def test_only_who_may_define_defines(zone: Zone) -> None:
    with acting(zone.actor("office")) as office:
        register = ledger(zone, office)
    for role in ("secretary", "instructor", "liaison", "system_admin", "department_officer"):
        with acting(zone.actor(role)) as actor:
            for wrong in (
                lambda: ledger(zone, actor),
                lambda: api.change_register(actor=actor, register=register, name="改"),
                lambda: api.add_column(
                    actor=actor, register=register, key="x", kind="text", label="x"
                ),
                lambda: api.retire_register(actor=actor, register=register),
                lambda: api.define_figure(
                    actor=actor, register=register, key="n", name="n", kind="count"
                ),
            ):
                with pytest.raises(NotAllowed):
                    wrong()


def test_what_another_record_holds_is_not_asked_for(zone: Zone) -> None:
    register = ledger(zone)
    for label in ("统一社会信用代码", "企业信用代码", "政治面貌", "是否党员", "年龄"):
        with pytest.raises(UserError, match="系统里已有"):
            api.add_column(actor=SYSTEM, register=register, key="x", kind="text", label=label)
    added = api.add_column(
        actor=SYSTEM,
        register=register,
        key="x",
        kind="lookup",
        label="信用代码",
        lookup="unit.code",
    )
    assert added in register.living and added not in register.asked
    with pytest.raises(UserError):
        api.add_column(
            actor=SYSTEM,
            register=register,
            key="y",
            kind="lookup",
            label="年龄",
            lookup="person.age",
            via="by",
        )


def test_a_change_says_what_it_does_to_entries(zone: Zone) -> None:
    register = ledger(zone)
    enter(register, zone.enterprise, "示例一", **{"class": "a", "cost": "1.25"})
    enter(register, zone.enterprise, "示例二")
    kinds = column(register, "class")
    effect = api.effect_of(column=kinds, required=True)
    assert (effect.entries, effect.incomplete, effect.unfit) == (2, 1, 0)
    with pytest.raises(UserError, match="已有 1 个条目"):
        api.change_column(actor=SYSTEM, column=kinds, choices=[["b", "乙", "B"]])
    api.change_column(
        actor=SYSTEM, column=kinds, choices=[["a", "改名", ""], ["c", "丙", ""]], required=True
    )
    assert column(register, "class").labels == {"a": "改名", "c": "丙"}
    with pytest.raises(UserError, match="请填写"):
        enter(api.Register.objects.get(), zone.enterprise, "示例三")


def test_columns_move_and_retire(zone: Zone) -> None:
    register = ledger(zone)
    api.move_column(actor=SYSTEM, column=column(register, "class"), up=True)

    def keys() -> list[str]:
        return [one.key for one in api.Register.objects.get(pk=register.pk).living]

    assert keys() == ["title", "class", "cost", "by"]
    with pytest.raises(UserError):
        api.retire_column(actor=SYSTEM, column=column(register, "title"))
    api.define_figure(
        actor=SYSTEM, register=register, key="sum", name="造价", kind="sum", amount="cost"
    )
    with pytest.raises(UserError, match="造价"):
        api.retire_column(actor=SYSTEM, column=column(register, "cost"))
    api.retire_column(actor=SYSTEM, column=column(register, "by"))
    assert keys() == ["title", "class", "cost"]


def test_figures_of_rows(zone: Zone) -> None:
    register = ledger(zone)
    for key, facts in {
        "all": {"kind": "count"},
        "cost": {"kind": "sum", "amount": "cost", "places": 2},
        "share_a": {
            "kind": "share",
            "side": [{"column": "class", "test": "is", "value": "甲"}],
        },
        "dear": {
            "kind": "count",
            "time": "period",
            "conditions": [{"column": "cost", "test": "ge", "value": "10"}],
        },
    }.items():
        api.define_figure(actor=SYSTEM, register=register, key=key, name=key, **facts)  # type: ignore[arg-type]
    enter(register, zone.enterprise, "示例一", **{"class": "a", "cost": "10"})
    enter(register, zone.second, "示例二", **{"class": "b", "cost": "0.5"})
    enter(register, zone.elsewhere, "示例三", **{"class": "b"})
    with acting(zone.actor("instructor")):
        found = {one.key: one for one in provider(())}
        assert set(found) == {f"registers.works.{k}" for k in ("all", "cost", "share_a", "dear")}

        def rows(key: str, **rest: object) -> list[object]:
            known = {"unit": zone.district, "until": D(2022, 12, 22), **rest}
            return list(found[f"registers.works.{key}"].rows(Question(**known)))  # type: ignore[arg-type]

        assert [row.label for row in rows("all")] == ["示例一", "示例二"]  # type: ignore[attr-defined]
        assert sum(row.amount for row in rows("cost")) == Decimal("10.5")  # type: ignore[attr-defined]
        assert [row.part for row in rows("share_a")] == [True, False]  # type: ignore[attr-defined]
        assert len(rows("dear", since=D(2022, 1, 1))) == 1
        assert not rows("dear", since=D(2022, 6, 1))
        assert not rows("all", until=D(2022, 4, 30))
        assert not rows("all", known_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
        assert found["registers.works.share_a"].kind is Kind.SHARE
        assert "甲" in str(found["registers.works.share_a"].definition)


def test_a_figure_that_makes_no_sense_is_refused(zone: Zone) -> None:
    register = ledger(zone)
    wrong: list[dict[str, object]] = [
        {"kind": "mean"},
        {"kind": "sum", "amount": "title"},
        {"kind": "share"},
        {"kind": "count", "conditions": [{"column": "path", "test": "is", "value": "1"}]},
        {"kind": "count", "conditions": [{"column": "title", "test": "ge", "value": "1"}]},
        {"kind": "count", "conditions": [{"column": "cost", "test": "ge", "value": "很多"}]},
        {"kind": "count", "conditions": [{"column": "class", "test": "is", "value": "z"}]},
        {"kind": "count", "conditions": ["x"]},
        {"kind": "count", "key": "a b"},
    ]
    for facts in wrong:
        known = {"key": "n", "name": "n", **facts}
        with pytest.raises(UserError):
            api.define_figure(actor=SYSTEM, register=register, **known)  # type: ignore[arg-type]
