"""Finding a figure by what people call it."""

from __future__ import annotations

from collections.abc import Iterable

from luodi.ground.figures.definition import Figure


def found_by(figures: Iterable[Figure], text: str) -> list[Figure]:
    """The figures whose key, name, synonyms or definition have all the words, best first: those
    that are called so, then those that say it somewhere."""
    words = text.lower().split()
    ranked = []
    for one in figures:
        called = [one.key, str(one.name), *one.synonyms]
        names = " ".join(called).lower()
        if all(word in names for word in words):
            ranked.append((0, one))
        elif all(word in f"{names} {one.definition}".lower() for word in words):
            ranked.append((1, one))
    return [one for _rank, one in sorted(ranked, key=lambda pair: pair[0])]
