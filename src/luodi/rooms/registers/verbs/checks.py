"""What every definition is checked for."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from luodi.lib.chinese import pinyin_key
from luodi.lib.errors import UserError

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What an entry says beside its columns, and what a list's address says.
RESERVED = {
    "unit", "since", "until", "on", "known", "all", "files", "file", "reason", "evidence",
    "q", "page", "sort", "format", "pick", "entry",
}  # fmt: skip


def key_of(key: str, field: str = "key") -> str:
    plain = key.strip()
    if not KEY.fullmatch(plain):
        raise UserError(_("代码由小写字母、数字和下划线组成，以字母开头，最多40个。"), field)
    return plain


def text_of(value: str, most: int, field: str, *, must: bool = False) -> str:
    plain = value.strip()
    if must and not plain:
        raise UserError(_("请填写。"), field)
    if len(plain) > most or "\0" in plain:
        raise UserError(_("最多 %(most)s 个字。") % {"most": most}, field)
    return plain


def code_from(name: str, taken: set[str]) -> str:
    """A key for what has a name only: its sounds (专利类型: zhuanlileixing), told apart by number."""
    sounds = "".join(re.findall(r"[a-z]+", pinyin_key(name)))[:30]
    plain = sounds if KEY.fullmatch(sounds) else "x"
    found, number = plain, 1
    while found in taken | RESERVED:
        number += 1
        found = f"{plain}_{number}"
    return found
