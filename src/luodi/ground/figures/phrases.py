"""How people write of a figure with its parameters: 办实事 is "problems solved" of one procedure."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, slots=True)
class Phrase:
    """`words` stand for a figure asked with these parameters; where one of `near` is in the
    sentence, rather than for any other figure with the same words."""

    key: str
    words: Sequence[str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    near: Sequence[str] = ()


@functools.cache
def phrases() -> tuple[Phrase, ...]:
    """What every installed app's `figures.py` gives in `phrases()`, where it has that."""
    return tuple(_found())


def _found() -> Iterator[Phrase]:
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "figures"):
            module = import_module(f"{config.name}.figures")
            if hasattr(module, "phrases"):
                yield from module.phrases()
