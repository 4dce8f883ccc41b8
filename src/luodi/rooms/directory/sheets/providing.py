"""Tells the worker which workbooks the directory reads."""

from __future__ import annotations

from django.urls import reverse

from luodi.rooms.directory.sheets import working
from luodi.rooms.directory.sheets.enterprises import Enterprises
from luodi.rooms.directory.sheets.people import People


def provide_workbooks() -> None:
    def page(kind: str, digest: str) -> str:
        return reverse("directory:import_report", args=[kind, digest])

    working.provide("people", lambda actor, kind: People(actor, None), page)
    working.provide("enterprises", lambda actor, kind: Enterprises(actor), page)
