"""The words by which a case is found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.expressions import RawSQL

from luodi.lib.chinese import tsvector_literal


def literal(title: str, texts: Iterable[str]) -> str:
    """The search vector of a new case."""
    return tsvector_literal([(title, "A"), *((text, "B") for text in texts)])


def joined(texts: Iterable[str]) -> RawSQL:
    """The present vector with the words of more texts: answers, measures, file names."""
    more = tsvector_literal([(text, "C") for text in texts])
    return RawSQL("coalesce(casework_case.search, '') || %s::tsvector", [more])
