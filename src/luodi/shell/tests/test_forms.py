"""A verb's refusal comes back on the form, with nothing written and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test import RequestFactory
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, create_unit
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.shell.forms import carry_out


class NameForm(forms.Form):
    name = forms.CharField(label="名称")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


REQUEST = RequestFactory().post("/")


def form(**data: Any) -> NameForm:
    request = RequestFactory().post("/", data)
    return NameForm(request.POST)


def refuse(error: UserError) -> Any:
    raise error


def test_a_verb_gets_the_cleaned_data_and_its_result_comes_back(db: None) -> None:
    assert carry_out(REQUEST, form(name=" 甲 "), lambda data: data["name"]) == "甲"
    assert carry_out(REQUEST, form(name="甲"), lambda data: None) is True


def test_an_invalid_form_never_reaches_the_verb(db: None) -> None:
    assert carry_out(REQUEST, form(name=""), lambda data: pytest.fail("called")) is None


def test_a_refusal_stands_at_its_field_and_undoes_what_was_written(zone: Zone) -> None:
    def verb(data: dict[str, Any]) -> None:
        create_unit(actor=SYSTEM, kind=UnitKind.DISTRICT, name="半个", parent=zone.zone)
        raise UserError("不行", "name")

    filled = form(name="甲")
    assert carry_out(REQUEST, filled, verb) is None
    assert filled.errors["name"] == ["不行"]
    assert not Unit.objects.filter(name="半个").exists()
    other = form(name="甲")
    carry_out(REQUEST, other, lambda data: refuse(UserError("不行", "elsewhere")))
    assert other.non_field_errors() == ["不行"]


def test_a_stale_form_shows_both_and_can_be_sent_again(db: None) -> None:
    filled = form(name="我的", version="3")
    carry_out(
        REQUEST,
        filled,
        lambda data: refuse(Stale("别人改过", {"name": "他的", "version": 4, "期限": "明天"})),
    )
    assert filled.stale == [("名称", "我的", "他的"), ("期限", "", "明天")]  # type: ignore[attr-defined]
    assert 'value="4"' in str(filled["version"])
    assert 'value="我的"' in str(filled["name"])


def test_what_is_not_allowed_is_a_page_of_its_own(db: None) -> None:
    with pytest.raises(NotAllowed):
        carry_out(REQUEST, form(name="甲"), lambda data: refuse(NotAllowed("无权")))
