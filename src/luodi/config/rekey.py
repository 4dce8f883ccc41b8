"""After a change of the site's secret: what was encrypted under a former one, under the new one.

In batches, each a transaction of its own, by ascending id; what already is under the present
secret is passed over, so that an interrupted run is simply begun again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

BATCH = 500
Row = Any
WHY = "更换站点密钥（LUODI_SECRET_KEY）"


def rekey(batch: int = BATCH) -> dict[str, int]:
    """How many records of each kind were written anew. The database must know the new secret.

    Raises cryptography.fernet.InvalidToken for a value that no given secret opens.
    """
    from allauth.mfa.models import Authenticator

    from luodi.ground.notices.api import Robot
    from luodi.rooms.directory.models import Person
    from luodi.rooms.reports.keys import rekey_signing

    return {
        "people": _each(Person.objects.all(), _person, batch),
        "second factors": _each(Authenticator.objects.all(), _factor, batch),
        "group secrets": _each(Robot.objects.all(), _robot, batch),
        "report signing key": rekey_signing(),
    }


def _each(rows: QuerySet[Any], change: Callable[[Row], list[str]], batch: int) -> int:
    """Lets `change` alter each row; saves the fields that it names; counts the rows saved."""
    from luodi.ground.scope.api import SYSTEM, acting

    last, saved = 0, 0
    while True:
        with acting(SYSTEM, WHY):
            part: list[Model] = list(
                rows.select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:batch]
            )
            for row in part:
                if fields := change(row):
                    row.save(update_fields=fields)
                    saved += 1
        if not part:
            return saved
        last = part[-1].pk


def _person(person: Row) -> list[str]:
    from luodi.rooms.directory import ciphers

    identity = ciphers.opened(person.identity_cipher)
    found_by = ciphers.lookup(identity)
    current = ciphers.is_current(person.identity_cipher) and ciphers.is_current(person.phone_cipher)
    if current and person.identity_hash == found_by:
        return []
    person.identity_cipher, person.identity_hash = ciphers.sealed(identity), found_by
    person.phone_cipher = ciphers.sealed(ciphers.opened(person.phone_cipher))
    return ["identity_cipher", "identity_hash", "phone_cipher"]


def _factor(factor: Row) -> list[str]:
    from luodi.ground.scope import signin

    if signin.is_current(factor.data):
        return []
    factor.data = signin.reencrypted(factor.data)
    return ["data"]


def _robot(robot: Row) -> list[str]:
    from luodi.ground.notices.api import SECRETS

    if SECRETS.is_current(robot.secret):
        return []
    robot.secret = SECRETS.rotated(robot.secret)
    return ["secret"]
