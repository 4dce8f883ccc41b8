"""The directory's figures: people, party organisations, enterprises, districts, on a day."""

from collections.abc import Iterator

from luodi.apps.directory.figures import organisations, people, units
from luodi.apps.figures.api import Figure


def figures() -> Iterator[Figure]:
    yield from people.figures()
    yield from organisations.figures()
    yield from units.figures()
