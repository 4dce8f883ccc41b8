"""Codes of enterprises and people: what is wrong with one, said in a sentence; masks; examples.

GB 32100-2015 (unified social credit code), GB 11643-1999 (identity number), both checked with
python-stdnum's arithmetic. Regions are checked down to the province only: county codes change
every year, and a list that lags behind would refuse real people.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final, Literal

from stdnum.cn import ric, uscc

from luodi.lib.calendars import SHANGHAI
from luodi.lib.sentences import SentenceError

# GB/T 2260, first two digits; 10 is the centre itself (credit codes only).
PROVINCES: Final = frozenset(
    re.findall("..", "11121314152122233132333435363741424344454650515253546162636465718182")
)
# Residence permits of residents of Hong Kong, Macao and Taiwan (State Council Order, 2018).
RESIDENCE_PERMITS: Final = frozenset({"810000", "820000", "830000"})
FOREIGNER: Final = (
    "9"  # permanent residence card of 2023: 9, province, country, birth, order, check
)
PERMIT: Final = re.compile("[HM]?[0-9]{8}(?:[0-9]{2})?|[A-Z]{3}[0-9]{12}")
PASSPORT: Final = re.compile("(?=.*[0-9].*[0-9].*[0-9].*[0-9])[A-Z]{1,2}[0-9A-Z]{5,8}|[0-9]{9}")
DIGITS: Final = "0123456789"
REGISTRARS: Final = "123456789ANY"  # GB 32100-2015, table 1; N: rural collectives
USCC_LETTERS: Final = "ABCDEFGHJKLMNPQRTUWXY"
EXAMPLE_REGION: Final = "149999"  # GB/T 2260 allots no prefecture 99 in any province
OLDEST_YEAR: Final = 1880

Sex = Literal["male", "female"]


class CodeError(SentenceError):
    """A code is wrong; `zh` and `en` say what is wrong with it."""


def validate_uscc(text: str) -> str:
    """The unified social credit code, normalised (18 characters, upper case); else CodeError."""
    code = _compact(text)
    _check_length(code, 18, "统一社会信用代码", "unified social credit code")
    for place, character in enumerate(code, 1):
        _check_uscc_character(place, character)
    if code[2:4] not in PROVINCES | {"10"}:
        raise _unknown_region(3, code[2:8])
    _check_checksum(code, uscc.calc_check_digit(code[:17]))
    return code


def validate_identity(text: str, *, today: date | None = None) -> str:
    """The identity number, normalised; else CodeError.

    Takes resident identity cards, residence permits (81, 82, 83) and foreigners' permanent
    residence cards (9), which share length, birth date and checksum. A number whose birth date
    lies after `today` (default: the date in China) is refused.
    """
    code = _compact(text)
    if re.fullmatch("[0-9]{15}", code):
        raise CodeError(
            "这是 15 位的旧号码，2013 年起停用，请填写 18 位公民身份号码。",
            "This is an old number of 15 digits, invalid since 2013; enter the one of 18.",
        )
    _check_length(code, 18, "身份号码", "identity number")
    for place, character in enumerate(code, 1):
        if character not in DIGITS and not (place == 18 and character == "X"):
            allowed = ("数字或字母 X", "a digit or X") if place == 18 else ("数字", "a digit")
            raise _wrong_character(place, character, *allowed)
    known = code[1:3] if code.startswith(FOREIGNER) else code[:2]
    if known not in PROVINCES and code[:6] not in RESIDENCE_PERMITS:
        raise _unknown_region(1, code[:6])
    _check_birth(code, today or datetime.now(SHANGHAI).date())
    _check_checksum(code, ric.calc_check_digit(code))
    return code


def validate_document(text: str, *, today: date | None = None) -> str:
    """An identity number, or that of a passport or a permit, normalised; else CodeError.

    Of 港澳居民来往内地通行证 (H or M and 8 or 10 digits), 台湾居民来往大陆通行证 (8 or 10 digits) and
    passports (ICAO 9303: at most nine letters and digits) only the form can be checked.
    """
    code = _compact(text)
    if PERMIT.fullmatch(code) or PASSPORT.fullmatch(code):
        return code
    return validate_identity(text, today=today)


def is_identity(number: str) -> bool:
    """Whether a valid document number is an identity number: it tells birth date and sex."""
    return len(number) == 18


def validate_mobile(text: str) -> str:
    """A mobile number of mainland China as 11 digits, +86 taken off; else CodeError."""
    number = re.sub(r"^(\+|00)?86(?=1[0-9]{10}$)", "", _compact(text))
    _check_length(number, 11, "手机号码", "mobile number")
    for place, character in enumerate(number, 1):
        if character not in DIGITS:
            raise _wrong_character(place, character, "数字", "a digit")
    if not re.match(r"1[3-9]", number):
        raise CodeError("手机号码应以 13 至 19 开头。", "A mobile number begins with 13 to 19.")
    return number


def birth_date(identity: str) -> date:
    """The birth date in a valid identity number."""
    born_on: date = ric.get_birth_date(identity)
    return born_on


def sex(identity: str) -> Sex:
    """GB 11643-1999: the order code is odd for men, even for women."""
    return "male" if int(identity[16]) % 2 else "female"


def mask_identity(identity: str) -> str:
    """The first three and the last four characters; a shorter text is hidden whole."""
    return _mask(identity, 3, 4)


def mask_phone(number: str) -> str:
    """The first three and the last four digits; a shorter number is hidden whole."""
    return _mask(number, 3, 4)


def example_uscc(n: int) -> str:
    """The n-th invented credit code (0 <= n < 10**8): valid, in a region that does not exist.

    Market regulator, enterprise, region 149999, organisation code n with its own check
    character (GB 11714). No registrar can issue it.
    """
    if not 0 <= n < 10**8:
        raise ValueError("n is at least 0 and below 10**8")
    body = f"{n:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = -sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    code = f"91{EXAMPLE_REGION}{body}{'X' if rest == 10 else rest}"
    return code + str(uscc.calc_check_digit(code))


def example_identity(n: int, born_on: date) -> str:
    """The n-th invented identity number of a birth date (0 <= n < 1000; odd: a man).

    Valid, but in region 149999, which does not exist: nobody can bear it.
    """
    if not 0 <= n < 1000:
        raise ValueError("n is at least 0 and below 1000")
    body = f"{EXAMPLE_REGION}{born_on:%Y%m%d}{n:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def _compact(text: str) -> str:
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()


def _check_length(code: str, length: int, zh: str, en: str) -> None:
    if len(code) != length:
        raise CodeError(
            f"{zh}应为 {length} 位，这里是 {len(code)} 位。",
            f"The {en} has {length} characters; this has {len(code)}.",
        )


def _check_uscc_character(place: int, character: str) -> None:
    if place == 1:
        if character not in REGISTRARS:
            allowed = "、".join(REGISTRARS)
            zh, en = f"登记管理部门代码（{allowed}）", f"a registrar's code ({REGISTRARS})"
            raise _wrong_character(place, character, zh, en)
    elif 3 <= place <= 8:
        if character not in DIGITS:
            raise _wrong_character(place, character, "数字", "a digit")
    elif character not in DIGITS + USCC_LETTERS:
        zh = "数字或大写字母（不用 I、O、S、V、Z）"
        raise _wrong_character(place, character, zh, "a digit or letter (never I, O, S, V, Z)")


def _check_birth(code: str, today: date) -> None:
    written = f"{code[6:10]}-{code[10:12]}-{code[12:14]}"
    try:
        born_on = date.fromisoformat(written)
    except ValueError:
        born_on = None
    if born_on is None or born_on.year < OLDEST_YEAR or born_on > today:
        raise CodeError(
            f"第 7 至 14 位的出生日期 {written} 不存在或不合理。",
            f"The birth date in characters 7 to 14, {written}, does not exist or cannot be.",
        )


def _check_checksum(code: str, expected: str) -> None:
    if code[-1] != expected:
        raise CodeError(
            f"第 18 位校验码应为 {expected}，这里是 {code[-1]}；请逐位核对。",
            f"The check character (18th) should be {expected}, not {code[-1]}; "
            "compare every character.",
        )


def _wrong_character(place: int, character: str, zh: str, en: str) -> CodeError:
    return CodeError(
        f"第 {place} 位应为{zh}，这里是“{character}”。",
        f"Character {place} should be {en}, not “{character}”.",
    )


def _unknown_region(place: int, region: str) -> CodeError:
    return CodeError(
        f"第 {place} 至 {place + 5} 位的行政区划代码 {region} 不存在。",
        f"The region code in characters {place} to {place + 5}, {region}, does not exist.",
    )


def _mask(text: str, first: int, last: int) -> str:
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]
