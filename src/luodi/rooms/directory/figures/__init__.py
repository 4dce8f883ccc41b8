"""The directory's figures: people, party organisations, enterprises, districts, on a day."""

from collections.abc import Iterator

from luodi.ground.figures.api import Figure
from luodi.rooms.directory.figures import organisations, people, units


def figures() -> Iterator[Figure]:
    yield from people.figures()
    yield from organisations.figures()
    yield from units.figures()
