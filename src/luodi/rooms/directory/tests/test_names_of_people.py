"""People are found in any spelling of their names; two of one name in one unit are told apart."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms

from luodi.ground.scope.api import SYSTEM
from luodi.rooms.directory import api
from luodi.rooms.directory.api import Person, PersonField
from luodi.rooms.directory.forms.people import searched_people


@pytest.mark.parametrize(
    "text", ["买买提·艾力", "买买提•艾力", "买买提艾力", "買買提 艾力", "艾力"]
)
def test_any_spelling_finds_the_person(directory, text: str) -> None:
    person = directory.person(31, name="示例买买提·艾力")
    assert list(searched_people(Person.objects.all(), text)) == [person]


def test_two_of_one_name_in_one_unit_are_told_apart(directory) -> None:
    unit = directory.enterprise.unit
    elder, younger, third = (
        api.add_person(actor=SYSTEM, unit=unit, name="示例李明", born_on=born)
        for born in (dt.date(1970, 1, 2), dt.date(1991, 3, 4), dt.date(1991, 5, 6))
    )
    field = PersonField(Person.objects.all())
    assert field.clean(f"示例 李明（{unit.name}，1970年生）") == elder
    for text in ("示例李明", f"示例李明（{unit.name}）", f"示例李明（{unit.name}，1991年生）"):
        with pytest.raises(forms.ValidationError, match=f"#{younger.pk}"):
            field.clean(text)
    assert field.clean(f"示例李明（{unit.name}，1991年生） #{third.pk}") == third
    bound = type("F", (forms.Form,), {"who": PersonField(Person.objects.all())})()
    page = str(bound["who"])
    assert f"示例李明（{unit.name}，1970年生）" in page and f"1991年生） #{third.pk}" in page
