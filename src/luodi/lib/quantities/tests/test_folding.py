"""Where lines are joined: the same places as by the obvious pattern, which takes long on blanks."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.quantities.folding import BREAK

OBVIOUS = re.compile(r"[ \t\r\u3000]*\n\s*")


@given(st.text(" \t\r\n\u3000\x0bx", max_size=30))
def test_breaks_are_found_where_they_are(text: str) -> None:
    found, wanted = ([one.span() for one in each.finditer(text)] for each in (BREAK, OBVIOUS))
    assert found == wanted
