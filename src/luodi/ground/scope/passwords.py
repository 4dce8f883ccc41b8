"""Passwords that anybody would try: common ones, and common ones with something put before or behind."""

from __future__ import annotations

import re
from functools import cached_property

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What is tried in China and of this site beside Django's list of 20,000.
WORDS = frozenset(
    [
        "luodi",
        "kaifaqu",
        "dangjian",
        "gongwei",
        "dangqun",
        "zhongguo",
        "woaini",
        "woaizhongguo",
        "admin",
        "administrator",
        "adminadmin",
        "root",
        "test",
        "guest",
        "mima",
        "password",
        "passw",
        "passwd",
        "welcome",
        "changeme",
        "iloveyou",
        "qwerty",
        "qwertyuiop",
        "asdfgh",
        "asdfghjkl",
        "zxcvbn",
        "zxcvbnm",
        "qazwsx",
        "qwer",
        "asdf",
        "zxcv",
        "abcd",
        "abcdef",
        "aaaa",
    ]
)
LETTERS = str.maketrans("0134578@$!", "oleastbasi")
ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
SHORTEST = 4  # letters that must be left


class Guessable(CommonPasswordValidator):
    """Refuses a word of the lists with digits or signs around it, and one that is only those."""

    def validate(self, password: str, user: object = None) -> None:
        plain = password.lower().strip()
        cores = {ENDS.sub("", plain), ENDS.sub("", plain.translate(LETTERS)), plain}
        halves = {one[: len(one) // 2] for one in cores if one[: len(one) // 2] * 2 == one}
        if any(core in self.known for core in cores | halves) or self._thin(plain):
            raise ValidationError(
                _("这个密码太常见，请换一个：例如几个不相干的词连在一起。"),
                code="password_too_common",
            )

    @cached_property
    def known(self) -> set[str]:
        return {*self.passwords, *WORDS}

    @staticmethod
    def _thin(plain: str) -> bool:
        return len(ENDS.sub("", plain)) < SHORTEST or len(set(plain)) < 5
