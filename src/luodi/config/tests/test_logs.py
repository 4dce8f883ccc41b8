"""A line of the log is one line, and holds what somebody needs to find out what happened."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import RequestFactory

from luodi.config.logs import JsonLines, OneLine, configuration


def record(message: str, **more: Any) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "django.request", "levelname": "WARNING", "msg": message})
    made.__dict__.update(more)
    return made


def test_a_refusal_says_where_and_from_where() -> None:
    request = RequestFactory().post("/admin/accounts/", {"password": "secret"})
    line = JsonLines().format(record("Forbidden: /x", request=request, status_code=403))
    told = json.loads(line)
    assert (told["path"], told["address"], told["status_code"]) == (
        "/admin/accounts/",
        "127.0.0.1",
        403,
    )
    assert told["at"].endswith("+00:00") and "secret" not in line


@pytest.mark.parametrize("formatter", [JsonLines(), OneLine("%(message)s")])
def test_nobody_writes_a_second_line(formatter: logging.Formatter) -> None:
    forged = "Not Found: /x\n2022-12-22 sign-in office\r"
    assert len(formatter.format(record(forged)).splitlines()) == 1


def test_where_it_goes() -> None:
    assert list(configuration("INFO", "json", "")["handlers"]) == ["console"]
    made = configuration("INFO", "json", "udp://log.example:1514")
    assert made["handlers"]["syslog"]["address"] == ("log.example", 1514)
    assert configuration("INFO", "text", "/dev/log")["handlers"]["syslog"]["address"] == "/dev/log"
    with pytest.raises(ValueError, match="LUODI_SYSLOG"):
        configuration("INFO", "text", "log.example")
