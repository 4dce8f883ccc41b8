"""What the site writes to its log: lines for people, or one JSON object a line for a collector.

`LUODI_LOG_FORMAT=json` and `LUODI_SYSLOG` (`/dev/log`, or `udp://host:514`) choose. A line never holds
what a form, a cell or a row held: the time (UTC), what happened, where, from which address, by whose
account id.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any
from urllib.parse import urlsplit


class JsonLines(logging.Formatter):
    """One object a line; line breaks in what is told cannot begin another."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if meta := getattr(request, "META", None):
            actor = getattr(request, "actor", None)
            line |= {
                "method": meta.get("REQUEST_METHOD"),
                "path": getattr(request, "path", None),
                "address": meta.get("REMOTE_ADDR"),
                "account": getattr(actor, "account_id", None) or None,
            }
        line |= {
            name: getattr(record, name)
            for name in ("status_code", "address", "username")
            if hasattr(record, name)
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class OneLine(logging.Formatter):
    """For people; what somebody else wrote begins no line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


def configuration(level: str, form: str, syslog: str) -> dict[str, Any]:
    """Django's LOGGING. Raises ValueError for an address of a syslog that is none."""
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": form}}
    if syslog:
        found = urlsplit(syslog)
        if found.scheme == "udp" and found.hostname:
            address: Any = (found.hostname, found.port or 514)
        elif syslog.startswith("/"):
            address = syslog
        else:
            raise ValueError("LUODI_SYSLOG must be a socket such as /dev/log, or udp://host:514")
        handlers["syslog"] = {
            "class": "logging.handlers.SysLogHandler",
            "address": address,
            "formatter": form,
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "luodi.config.logs.JsonLines"},
            "text": {
                "()": "luodi.config.logs.OneLine",
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            },
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
    }
