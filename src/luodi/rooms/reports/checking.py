"""Numbers that were typed into a template, where a figure should be."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luodi.lib.quantities import Quantity, extract
from luodi.rooms.reports.language import Problem, Source
from luodi.rooms.reports.language.nodes import Text, walk


def typed_numbers(source: Source) -> list[Problem]:
    """A warning for each quantity in the words of a template: it has no ledger."""
    return [
        Problem(
            node.line,
            _("“%(number)s”没有台账：请改用 {figure: …}，让它随记录变化。") % {"number": one.text},
            warning=True,
        )
        for node in walk(source.blocks)
        if isinstance(node, Text)
        for one in extract(node.text)
        if not _is_style(one)
    ]


def _is_style(one: Quantity) -> bool:
    """四项工程, 每月一次: a small count in Chinese numerals is how one writes, not what one counted."""
    small = one.value < 10 and not any(map(str.isdecimal, one.text))
    return small and (not one.measure or one.measure.startswith("次/"))
