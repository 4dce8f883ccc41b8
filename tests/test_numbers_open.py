"""Every number on the pages opens: a count or an amount with its unit stands in a link.

What is not one: the words of a record (which somebody wrote), what a form says, how long a list is
that stands right there, a deadline in the row of its case, and the parameters of a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lxml import html
from lxml.etree import _Element

from tests.addresses import address, patterns
from tests.matrix import NUMBERS, TELLING
from tests.world import World

NUMBER = re.compile(r"\d[\d,.]*\s*(?:%|[个人户名条件项岁位]|万元|小时)")
LEFT = re.compile(r"^(剩|超期) \d+ (天|小时)$")
NO_NUMBER = {"a", "button", "label", "legend", "option", "script", "style", "summary", "svg"}
NO_NUMBER |= {"textarea", "time", "form"}
SAID = {"words", "definition", "says", "value", "listing-total", "form-text", "empty"}


def bare(page: bytes) -> Iterator[str]:
    """The texts with a number that stand in no link."""
    [main] = html.fromstring(page.decode()).xpath("//main")
    for one in main.iter():
        if not isinstance(one.tag, str):
            continue
        for text, owner in ((one.text, one), (one.tail, one.getparent())):
            plain = " ".join((text or "").split())
            if NUMBER.search(plain) and not LEFT.match(plain) and not _is_said(owner):
                yield plain


def _is_said(owner: _Element) -> bool:
    for one in (owner, *owner.iterancestors()):
        if one.tag in NO_NUMBER or SAID & set(str(one.get("class", "")).split()):
            return True
    return False


@pytest.mark.parametrize("name", sorted(TELLING))
def test_no_number_stands_alone(world: World, name: str) -> None:
    for arguments in patterns()[name]:
        answer = world.clients["office"].get(address(name, arguments, world.inside))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found = list(bare(answer.content)) if b"<main" in answer.content else []
            assert not found or name in NUMBERS, found
