"""A REST client for tests: a service account with a token, in-process."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from tests.zone import PLACES, Zone


def token_of(zone: Zone, role: str) -> str:
    """A token of a fresh service account that holds one role at its usual place."""
    account = scope.create_account(
        actor=SYSTEM, username=f"robot-{role}", name=f"示例接口{role}", is_service=True
    )
    scope.grant_role(
        actor=SYSTEM,
        account=account,
        unit=getattr(zone, PLACES[role]),
        role=role,
        since=dt.date(2020, 12, 1),
    )
    expires = scope.today() + dt.timedelta(days=30)
    return scope.issue_token(actor=SYSTEM, account=account, name="示例", expires_on=expires)[1]


@dataclass
class Rest:
    """Sends JSON; returns Django's test responses."""

    token: str | None
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = "" if data is None else json.dumps(data)
        return self.client.generic(
            method, f"/api/v1{path}", body, "application/json", headers=headers
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.send("POST", path, data, **headers)
