"""Numbers that were typed into a template, where a figure should be."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from luodi.apps.reports.language import Problem, Source
from luodi.apps.reports.language.nodes import Text, walk

# A number with what is counted; not a date, an ordinal, or a name like 四大工程.
TYPED = re.compile(
    r"(?<![第\d.])(?:\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十百千两]{2,})\s*"
    r"(?:[万亿]?(?:人|名|个|户|家|件|项|次|元|度|吨|岁|天|场|公里|%|％|个?百分点))"
)


def typed_numbers(source: Source) -> list[Problem]:
    """A warning for each number in the words of a template: it has no ledger."""
    return [
        Problem(
            node.line,
            _("“%(number)s”没有台账：请改用 {figure: …}，让它随记录变化。") % {"number": found[0]},
            warning=True,
        )
        for node in walk(source.blocks)
        if isinstance(node, Text)
        for found in TYPED.finditer(node.text)
    ]
