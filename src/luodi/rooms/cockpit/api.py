"""The cockpit: its figures, who chose them, who gets them in the morning."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from luodi.ground.figures.api import figures
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.cockpit.models import Chosen, Morning
from luodi.rooms.cockpit.reading import MOST, Board, Tile, board_of, chosen_of

__all__ = ["Board", "Tile", "board_of", "choose_figures", "chosen_of", "want_mornings"]


def choose_figures(*, actor: Actor, unit: Unit, figures_of: Sequence[str]) -> Chosen:
    """Keeps which figures a unit's cockpit shows, in the order given.

    Raises UserError for more than MOST, or for a key that is no figure.
    """
    actor.require("cockpit.choose", unit.path)
    keys = list(dict.fromkeys(figures_of))
    if len(keys) > MOST:
        raise UserError(_("最多选 %(count)s 项。") % {"count": MOST}, "chosen")
    known = {one.key for one in figures()}
    if unknown := [key for key in keys if key not in known]:
        raise UserError(_("没有这项数据指标：%(key)s。") % {"key": unknown[0]}, "chosen")
    kept, _made = Chosen.objects.update_or_create(
        unit=unit, defaults={"figures": keys}, create_defaults={"figures": keys, "path": unit.path}
    )
    return kept


def want_mornings(*, actor: Actor, unit: Unit, wanted: bool) -> None:
    """Says whether the actor is sent the cockpit of a unit every working morning."""
    actor.require("cockpit.view", unit.path)
    if wanted:
        Morning.objects.update_or_create(account_id=actor.account_id, defaults={"unit_id": unit.pk})
    else:
        Morning.objects.filter(account_id=actor.account_id).delete()
