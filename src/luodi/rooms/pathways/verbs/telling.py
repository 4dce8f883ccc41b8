"""Who is told that a step waits for them."""

from __future__ import annotations

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import ROLE_KINDS, Account, RoleHolding, today
from luodi.rooms.pathways.models import Fact, Journey
from luodi.rooms.pathways.rules import STEPS, Who

WAITS = {
    Who.BRANCH: "pathways.write",
    Who.SUPERIOR: "pathways.approve",
    Who.HIGHER: "pathways.file",
}


def handlers(permission: str, path: str) -> list[Account]:
    """The people nearest above a path whose role gives a permission there today."""
    roles = [role.key for role in ROLE_KINDS.values() if permission in role.permissions]
    ids = [int(part) for part in path.strip(".").split(".")]
    held = RoleHolding.objects.on(today()).filter(
        unit_id__in=ids, role__in=roles, account__is_active=True
    )
    by_unit: dict[int, list[Account]] = {}
    for row in held.select_related("account"):
        by_unit.setdefault(row.unit_id, []).append(row.account)
    for unit in reversed(ids):
        if unit in by_unit:
            return by_unit[unit]
    return []


def tell_next(journey: Journey, fact: Fact) -> None:
    """Tells who acts next, where that is somebody else than who acted."""
    from django.utils.translation import gettext as _

    acted = STEPS[fact.step]
    following = [one for one in STEPS.values() if fact.step in one.after and one.who != acted.who]
    for step in following:
        people = handlers(WAITS[step.who], journey.path)
        text = _("%(unit)s有一份发展党员材料等您办理：%(step)s。") % {
            "unit": journey.person.unit,
            "step": step.title,
        }
        key = f"pathways:{journey.pk}:{step.key}"
        tell(accounts=people, key=key, text=text, url=journey.get_absolute_url())
