"""Units as tables name them: in any spelling, short, or as they were called before."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Generic, TypeVar

from luodi.ground.imports.importer import Line
from luodi.ground.scope.api import Unit, UnitName
from luodi.lib.names import common_form
from luodi.lib.sentences import Sentence

T = TypeVar("T")
SUGGESTED = 50  # different names for which the nearest are looked for


class Names(Generic[T]):
    """What may be named, by the units' names."""

    def __init__(self, among: Iterable[tuple[Unit, T]]) -> None:
        self.units: dict[int, tuple[Unit, T]] = {}
        self.full: dict[str, list[int]] = defaultdict(list)
        self.short: dict[str, list[int]] = defaultdict(list)
        self.near: dict[str, list[str]] = {}
        for unit, one in among:
            self.units[unit.pk] = unit, one
            self.full[common_form(unit.name)].append(unit.pk)
            if unit.short_name:
                self.short[common_form(unit.short_name)].append(unit.pk)

    @cached_property
    def former(self) -> dict[str, list[int]]:
        """What units were called before, and what else they are called; read only where a name is
        not known."""
        found: dict[str, list[int]] = defaultdict(list)
        for form, pk in UnitName.objects.order_by("id").values_list("form", "unit_id"):
            if pk in self.units:
                found[form].append(pk)
        return found

    def named(self, text: str) -> list[T]:
        """All that the text may mean; its present name goes before a short or a former one."""
        key = common_form(text)
        pks = self.full.get(key) or self.short.get(key) or self.former.get(key) or []
        return [self.units[pk][1] for pk in dict.fromkeys(pks)]

    def find(self, line: Line, key: str, zh: str, en: str) -> T | None:
        """The one that a cell names; else None with the problem noted: `zh`, or who may be meant."""
        text = str(line.values[key])
        found = self.named(text)
        if len(found) == 1:
            return found[0]
        if found:
            line.problem(
                key, "有多个同名的，无法确定是哪一个。", "Several have this name.",
                Sentence("请写全称，或在页面上逐条登记。", "Use the full name, or the page."),
            )  # fmt: skip
        else:
            near = self._nearest(text)
            hint = Sentence(f"是不是：{'、'.join(near)}？", f"Is it {', '.join(near)}?")
            line.problem(key, zh, en, hint if near else FULL)
        return None

    def _nearest(self, text: str) -> list[str]:
        if text not in self.near and len(self.near) < SUGGESTED:
            close = difflib.get_close_matches(common_form(text), self.full, 3, 0.7)
            self.near[text] = [self.units[pk][0].name for key in close for pk in self.full[key][:1]]
        return self.near.get(text, [])


FULL = Sentence("请填写系统中的全称。", "Enter the full name as in the system.")


def units_named(units: Iterable[Unit]) -> Names[Unit]:
    """Names that stand for the units themselves."""
    return Names((unit, unit) for unit in units)
