from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import numdb
from stdnum.cn import ric, uscc

from luodi.lib import codes
from luodi.lib.codes import CodeError

IDENTITY = codes.example_identity(7, date(1990, 3, 7))
BIRTHS = st.dates(date(1900, 1, 1), date(2020, 12, 31))


def complaint(check: object, text: str) -> tuple[str, str]:
    with pytest.raises(CodeError) as caught:
        check(text)  # type: ignore[operator]
    return caught.value.zh, caught.value.en


def with_check(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


def test_code_is_normalised() -> None:
    written = "9 1 110000-600037341l"  # the example of python-stdnum
    assert codes.validate_uscc(written) == "91110000600037341L"
    assert codes.validate_identity(" " + IDENTITY.lower() + "\u3000") == IDENTITY
    wide = "".join(chr(ord(c) + 0xFEE0) for c in IDENTITY)
    assert codes.validate_identity(wide) == IDENTITY


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("9111", "统一社会信用代码应为 18 位，这里是 4 位。"),
        ("91110000O00037341L", "第 9 位应为数字或大写字母（不用 I、O、S、V、Z），这里是“O”。"),
        ("9111000A600037341L", "第 8 位应为数字，这里是“A”。"),
        ("91990000600037341L", "第 3 至 8 位的行政区划代码 990000 不存在。"),
        ("911100006000373413", "第 18 位校验码应为 L，这里是 3；请逐位核对。"),
    ],
)
def test_what_is_wrong_with_a_credit_code(text: str, zh: str) -> None:
    assert complaint(codes.validate_uscc, text)[0] == zh


def test_credit_codes_of_rural_collectives_are_taken() -> None:
    body = "N2361121MA35FHXY1"
    assert codes.validate_uscc(body + uscc.calc_check_digit(body)).startswith("N2")
    assert "登记管理部门" in complaint(codes.validate_uscc, "X" + body[1:] + "0")[0]


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("36042619910101007", "身份号码应为 18 位，这里是 17 位。"),
        ("360426910101007", "这是 15 位的旧号码，2013 年起停用，请填写 18 位公民身份号码。"),
        ("3604261991O1010071", "第 11 位应为数字，这里是“O”。"),
        ("36042619910101007Y", "第 18 位应为数字或字母 X，这里是“Y”。"),
        ("990426199101010071", "第 1 至 6 位的行政区划代码 990426 不存在。"),
        ("360426199102300071", "第 7 至 14 位的出生日期 1991-02-30 不存在或不合理。"),
        ("360426299102200071", "第 7 至 14 位的出生日期 2991-02-20 不存在或不合理。"),
        ("360426199101010072", "第 18 位校验码应为 1，这里是 2；请逐位核对。"),
    ],
)
def test_what_is_wrong_with_an_identity_number(text: str, zh: str) -> None:
    assert complaint(codes.validate_identity, text)[0] == zh
    assert (
        complaint(codes.validate_identity, text)[1].isascii()
        or "“" in complaint(codes.validate_identity, text)[1]
    )


def test_today_decides_about_the_birth_date() -> None:
    newborn = codes.example_identity(1, date(2022, 12, 22))
    assert codes.validate_identity(newborn, today=date(2022, 12, 22)) == newborn
    with pytest.raises(CodeError):
        codes.validate_identity(newborn, today=date(2022, 12, 21))


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "936840"])
def test_permits_of_residents_and_foreigners_are_taken(region: str) -> None:
    code = with_check(region + "19880808" + "012")
    assert codes.validate_identity(code) == code
    assert codes.sex(code) == "female"


def test_mobile_numbers() -> None:
    for written in ("13912345678", "+86 139-1234-5678", "008613912345678", "１３９12345678"):
        assert codes.validate_mobile(written) == "13912345678"
    assert "11 位" in complaint(codes.validate_mobile, "1391234567")[0]
    assert "13 至 19" in complaint(codes.validate_mobile, "12912345678")[0]
    assert "第 4 位" in complaint(codes.validate_mobile, "139a2345678")[0]


def test_masks() -> None:
    assert codes.mask_identity("360426199101010071") == "360***********0071"
    assert codes.mask_phone("13912345678") == "139****5678"
    assert codes.mask_phone("8212345") == "*******"


@given(st.integers(0, 999), BIRTHS)
def test_example_identities_are_valid_and_tell_birth_and_sex(n: int, born_on: date) -> None:
    code = codes.example_identity(n, born_on)
    assert codes.validate_identity(code) == code
    assert codes.birth_date(code) == born_on
    assert codes.sex(code) == ("male" if n % 2 else "female")


def test_region_of_the_examples_is_in_no_list() -> None:
    found = numdb.get("cn/loc").info(codes.EXAMPLE_REGION)
    assert not any("county" in properties for _, properties in found)


@given(st.integers(0, 10**8 - 1))
def test_example_credit_codes_are_valid_and_differ(n: int) -> None:
    code = codes.example_uscc(n)
    assert codes.validate_uscc(code) == code == uscc.validate(code)
    assert code != codes.example_uscc((n + 1) % 10**8)


@given(BIRTHS, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_character_is_always_noticed(born_on: date, place: int, digit: str) -> None:
    code = codes.example_identity(8, born_on)
    wrong = code[:place] + digit + code[place + 1 :]
    if wrong != code:
        with pytest.raises(CodeError):
            codes.validate_identity(wrong)


@given(st.text(max_size=24))
def test_any_text_gives_a_code_or_a_sentence(text: str) -> None:
    for check in (codes.validate_uscc, codes.validate_identity, codes.validate_mobile):
        problem = None
        try:
            assert check(text).isascii()
        except CodeError as error:
            problem = error
        assert problem is None or (problem.zh[-1], problem.en[-1]) == ("。", ".")
    codes.mask_identity(text)


def test_examples_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="below"):
        codes.example_uscc(10**8)
    with pytest.raises(ValueError, match="below"):
        codes.example_identity(1000, date(1990, 1, 1))
