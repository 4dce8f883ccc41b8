"""What is said when a request failed for a reason that is not the user's."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.shell.views import server_error


def answer(path: str, error: Exception) -> tuple[int, str, str | None]:
    try:
        raise error
    except type(error):
        response = server_error(RequestFactory().get(path))
    return response.status_code, response.content.decode(), response.get("Retry-After")


def test_a_database_that_is_away_is_said_to_be_away() -> None:
    status, text, again = answer("/cases/problems/", OperationalError("connection refused"))
    assert (status, again) == (503, "5")
    assert "数据库暂时连不上" in text
    assert "connection refused" not in text


@pytest.mark.parametrize(("error", "status"), [(OperationalError("x"), 503), (KeyError("x"), 500)])
def test_a_program_gets_its_answer_as_json(error: Exception, status: int) -> None:
    code, text, _again = answer("/api/cases", error)
    assert code == status
    assert json.loads(text).keys() == {"detail"}


def test_over_rest_the_same_is_said(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: object) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("luodi.ground.scope.rest.units_known", gone)
    refused = Rest(token_of(zone, "office")).get("/units")
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
