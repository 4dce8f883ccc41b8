"""The registers that come with the product: data, installed for a unit by `install`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.registers.models import Register
from luodi.rooms.registers.models.register import in_language
from luodi.rooms.registers.verbs.defining import define_register
from luodi.rooms.registers.verbs.figuring import define_figure


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict[str, Any]]:
    """The definitions by their keys, as `registers.toml` has them."""
    text = resources.files(__package__).joinpath("registers.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = tomllib.loads(text)
    return found


def choices() -> list[tuple[str, str]]:
    """What can be installed: keys with names."""
    return [
        (key, in_language(one["name"], one.get("name_en", ""))) for key, one in shipped().items()
    ]


@transaction.atomic
def install(*, actor: Actor, unit: Unit, key: str) -> Register:
    """Opens a shipped register, with its columns and figures, for a unit and all below it."""
    if key not in shipped():
        raise UserError(_("没有这本现成的台账。"), "key")
    facts = dict(shipped()[key])
    figures = facts.pop("figures", [])
    register = define_register(actor=actor, unit=unit, key=key, **facts)
    for figure in figures:
        define_figure(actor=actor, register=register, **figure)
    return register
