"""Chinese text: cut for full-text search, and put in order by pronunciation.

PostgreSQL cannot cut Chinese by itself; we do, and hand it the lexemes: every two characters that
stand side by side (`用电报装`: 用电, 电报, 报装), so that any part of a text finds it. Words of a
dictionary hid parts of longer words (路灯 in 五号路灯杆), and the same name was not always cut alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from pypinyin import Style, lazy_pinyin

Weight = Literal["A", "B", "C", "D"]

# Another one where `cut` gives other lexemes: what was indexed before is then indexed anew.
CUT_VERSION: Final = 2
WORD_LENGTH: Final = 64  # characters of a lexeme; PostgreSQL takes 2046 bytes
POSITIONS: Final = 255  # of one lexeme that PostgreSQL keeps
LAST_POSITION: Final = 16383
VECTOR_SIZE: Final = 900_000  # bytes; a tsvector takes 1 MB

# A decimal number, or a run of letters and digits of other scripts.
NOT_CHINESE: Final = re.compile(
    r"([0-9]+(?:\.[0-9]+)+|[^\W_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
)

# A run of Chinese characters.
CHINESE: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")

# Readings of characters as surnames, where they differ from the usual one.
SURNAMES: Final = {
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1", "澹台": "tan2 tai2",
    "单于": "chan2 yu2", "令狐": "ling2 hu2", "曾": "zeng1", "单": "shan4", "仇": "qiu2",
    "解": "xie4", "查": "zha1", "任": "ren2", "区": "ou1", "盖": "ge3", "朴": "piao2",
    "华": "hua4", "覃": "qin2", "冼": "xian3", "缪": "miao4", "宓": "mi4", "乐": "yue4",
    "翟": "zhai2", "召": "shao4", "种": "chong2", "繁": "po2", "尉": "wei4", "燕": "yan1",
    "洗": "xian3", "员": "yun4", "黑": "he4", "折": "she2", "秘": "bi4", "逄": "pang2",
    "纪": "ji3", "谌": "chen2", "葛": "ge3", "应": "ying1", "宁": "ning4", "过": "guo1",
    "哈": "ha3", "卜": "bu3", "那": "na1", "石": "shi2", "隗": "wei3", "都": "du1",
}  # fmt: skip


def cut(text: str) -> list[str]:
    """What a text is found by, in order, for an index.

    Chinese by every two characters side by side, and the last one of a run by itself, so that one
    character finds the texts that have it. Latin and numbers whole, a number also without each of
    the zeros that fill it. Full-width forms are folded (NFKC), Latin is lower-cased; punctuation, symbols and
    emoji are left out.
    """
    return list(_pieces(text, for_index=True))


def tsvector_literal(fields: Iterable[tuple[str, Weight]]) -> str:
    """The text form of a `tsvector` of weighted fields, to be cast: `%s::tsvector`.

    Any input is safe. What a tsvector cannot hold (about 1 MB of words, 255 places of one word)
    is left out from the end on.
    """
    places: dict[str, list[str]] = {}
    position, size = 0, 0
    for text, weight in fields:
        for word in cut(text):
            position += 1
            found = places.setdefault(word, [])
            size += 4 if found else len(word.encode()) + 12
            if size > VECTOR_SIZE:
                break
            if len(found) < POSITIONS:
                found.append(f"{min(position, LAST_POSITION)}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(at)}" for word, at in places.items() if at)


def terms(text: str) -> list[str]:
    """The operands of a `tsquery` for the parts of the text, each once and quoted: `'农田'`.

    Any input is safe; one without a word gives none. One character by itself, and Latin and numbers
    of three characters or more, also find what begins with them.
    """
    pieces = dict.fromkeys(_pieces(text, for_index=False))
    return [
        _quoted(one) + (":*" if (len(one) > 2 if one.isascii() else len(one) == 1) else "")
        for one in pieces
    ]


def tsquery(text: str) -> str:
    """The text form of a `tsquery` that asks for every word of the text, to be cast; "" finds nothing."""
    return " & ".join(terms(text))


def pinyin_key(text: str, *, person: bool = False) -> str:
    """A key that sorts by pronunciation, then tone, then character (compare as plain strings).

    person: the text is a person's name, so its surname is read as a surname (曾 zeng, 单 shan).
    """
    folded = _fold(text).strip()
    surname = ""
    if person:
        surname = next((folded[:n] for n in (2, 1) if folded[:n] in SURNAMES), "")
    rest = folded[len(surname) :]
    read = SURNAMES[surname].split() if surname else []
    read += lazy_pinyin(
        rest,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=list,  # type: ignore[arg-type] # one entry for each character
    )
    return " ".join(
        sound if sound == character else f"{sound} {character}"
        for sound, character in zip(read, folded, strict=True)
    )


def initials(text: str) -> str:
    """The first letters of the pinyin of a text, letters and digits as they are: 道尔铝业 is `dely`."""
    read = re.findall(r"([a-z])[a-z]*[1-5] [^ ]|([a-z0-9])", pinyin_key(text))
    return "".join(sound or plain for sound, plain in read)


def nearness(name: str, text: str) -> int:
    """How near what was found is to what was looked for: 0 the same, 1 begins with it, 3 has it, 5."""
    name, text = _fold(name), _fold(text)
    return 0 if name == text else 1 if name.startswith(text) else 3 if text in name else 5


def _fold(text: str) -> str:
    encodable = text.encode("utf-8", "ignore").decode().replace("\0", " ")
    return unicodedata.normalize("NFKC", encodable).lower()


def _pieces(text: str, *, for_index: bool) -> Iterator[str]:
    for index, piece in enumerate(NOT_CHINESE.split(_fold(text))):
        if index % 2:  # splitting at a captured group puts what matched it at the odd places
            yield piece[:WORD_LENGTH]
            while for_index and len(piece) > 1 and piece[0] == "0" and piece.isdecimal():
                piece = piece[1:]
                yield piece[:WORD_LENGTH]
            continue
        for run in CHINESE.findall(piece):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            if for_index or len(run) == 1:
                yield run[-1]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
