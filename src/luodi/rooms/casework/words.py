"""The words by which a case is found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.expressions import RawSQL

from luodi.ground.evidence.api import File
from luodi.ground.scope.api import SYSTEM, Unit, acting
from luodi.lib.chinese import Weight, tsvector_literal
from luodi.rooms.casework.models import Case, Event


def literal(case: Case) -> str:
    """The search vector of a case as it was raised: its number, title, text, unit and reporter."""
    return tsvector_literal(_raised(case))


def joined(texts: Iterable[str]) -> RawSQL:
    """The present vector with the words of more texts: answers, measures, file names."""
    more = tsvector_literal([(text, "C") for text in texts])
    return RawSQL("coalesce(casework_case.search, '') || %s::tsvector", [more])


def _raised(case: Case) -> list[tuple[str, Weight]]:
    texts = (case.text, *names_of(case.unit), case.reporter_name)
    return [(case.code, "A"), (case.title, "A"), *((text, "B") for text in texts)]


def rebuild(keys: list[int]) -> None:
    """Writes the vectors of some cases anew, from all that was written of them."""
    cases = list(
        Case.objects.filter(pk__in=keys).select_related("unit").prefetch_related("unit__names")
    )
    notes = Event.objects.filter(case__in=keys).exclude(note="").values_list("case_id", "note")
    files = File.objects.filter(subject=Case._meta.db_table, subject_id__in=keys)
    more: dict[int, list[tuple[str, Weight]]] = {}
    for pk, text in (*notes, *files.values_list("subject_id", "name")):
        more.setdefault(pk, []).append((text, "C"))
    for case in cases:
        case.search = tsvector_literal([*_raised(case), *more.get(case.pk, ())])
    Case.objects.bulk_update(cases, ["search"])


def names_of(unit: Unit) -> list[str]:
    """What a unit is or was called: its cases are found by each."""
    return list(dict.fromkeys([unit.name, *(one.name for one in unit.names.all())]))


def follow(unit: Unit) -> None:
    """A renamed unit's cases are found by its new name at once, and still by the old one."""
    with acting(SYSTEM):  # who keeps the tree need not see the cases
        Case.objects.filter(unit=unit).update(search=joined([unit.name, unit.short_name]))
