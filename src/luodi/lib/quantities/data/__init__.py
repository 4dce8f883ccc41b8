"""Lists of words, a `#` line saying what each is for."""

import functools
from importlib import resources


@functools.cache
def words_of(name: str) -> frozenset[str]:
    """The words of `data/NAME.txt`."""
    return frozenset(word for line in lines_of(name) for word in line.split())


def lines_of(name: str) -> list[str]:
    """Its lines that are no comments."""
    text = resources.files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
