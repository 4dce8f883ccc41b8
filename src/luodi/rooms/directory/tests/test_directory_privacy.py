"""Every personal column is declared, guarded, and kept out of the trail."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from luodi.rooms.directory.models import Person
from luodi.rooms.directory.privacy import FIELDS, MASKED

NOT_PERSONAL = {"id", "path", "unit", "version", "erased_at"}


def test_every_field_of_a_person_is_declared() -> None:
    declared = {field.name for field in FIELDS if field.model == "Person"}
    assert {field.name for field in Person._meta.concrete_fields} - NOT_PERSONAL == declared


def test_every_declared_field_exists_and_says_why() -> None:
    for field in FIELDS:
        assert next(m for m in apps.get_models() if m.__name__ == field.model)._meta.get_field(
            field.name
        )
        assert str(field.purpose)
        assert str(field.retention)
        assert "条" in str(field.basis)
    assert set(MASKED.values()) == {
        field.name for field in FIELDS if field.masked and field.model == "Person"
    }


@pytest.mark.django_db
def test_the_trail_hides_what_can_be_erased(directory) -> None:
    directory.person(1, name="示例特别名", phone="13811112222")
    directory.enterprise.contact_name = "示例特别联系人"
    directory.enterprise.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(changes::text, ' ') FROM audit_entry")
        (trail,) = cursor.fetchone()
    for value in ("示例特别名", "13811112222", "示例特别联系人"):
        assert value not in trail
