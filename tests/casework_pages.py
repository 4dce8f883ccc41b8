"""What the tests of the pages share: cases to look at, and clients that fill in forms."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luodi.ground.scope.api import acting
from luodi.rooms.casework import api
from luodi.rooms.casework.api import Case
from tests.zone import Zone


def raised(zone: Zone, text: str = "示例：夜班用电负荷不够", **more: Any) -> Case:
    """A case that the liaison has just raised."""
    with acting(zone.actor("liaison")) as actor:
        return api.raise_problem(actor=actor, unit=zone.enterprise, text=text, **more)


def handled(zone: Zone, text: str = "示例：厂区门前道路破损") -> Case:
    """A case in the instructor's hands, with one open measure."""
    case = raised(zone, text)
    with acting(zone.actor("instructor")) as actor:
        api.receive(actor=actor, case=case)
        api.add_measure(
            actor=actor,
            case=case,
            text="示例：修补路面",
            due_on=timezone.localdate() + dt.timedelta(days=5),
            owner=zone.accounts["instructor"],
        )
    return case


def post(client: Client, url: str, **data: Any) -> Any:
    """Sends a form as the page would."""
    return client.post(url, {"_once": str(uuid.uuid4()), **data})


def total(html: str) -> int:
    """How many rows a list says that it has."""
    found = re.search(r"共 ([\d,]+) 条", html)
    assert found, html[:2000]
    return int(found[1].replace(",", ""))


def queries(client: Client, url: str) -> int:
    """How many queries a page takes, once the session is warm."""
    assert client.get(url).status_code == 200, url
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)
