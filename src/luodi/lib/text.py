"""Text of one line, as it can be seen."""

from __future__ import annotations

import unicodedata

# Cc: control characters, NUL and line breaks among them. Cf: what has no width, or turns the
# direction of what follows (UAX #9): a name with it looks like another. Cs: half a character.
UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def one_line(text: str) -> str:
    """The text without what nobody can see, each stretch of blanks as one.

    It is what a title, a name or a subject may be: no line of it can pass for another line of a
    list, a mail or a header.

    >>> one_line(" a\\r\\n b\\u200b "), one_line("\\u202egpj.exe"), one_line("\\u200b \\ufeff")
    ('a b', 'gpj.exe', '')
    """
    blank = " ".join(text.split())
    seen = "".join(one for one in blank if unicodedata.category(one) not in UNSEEN)
    return " ".join(seen.split())
