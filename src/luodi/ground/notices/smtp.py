"""Mail by SMTP, which knows of a lost connection whether the message may have arrived."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

GO_AHEAD = 354  # RFC 5321, 4.2.3: "Start mail input"


class Unsure(Exception):
    """The message was handed over, and no answer came: it may have arrived or not."""


class _Careful(smtplib.SMTP):
    """After the server's go-ahead a silence tells nothing: neither that it took it nor that not."""

    last = 0

    def getreply(self) -> tuple[int, bytes]:
        self.last = 0
        code, text = super().getreply()
        self.last = code
        return code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handed_over = False
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except OSError as lost:
            if self.handed_over:
                raise Unsure(str(lost)) from lost
            raise

    def send(self, s: Any) -> None:
        self.handed_over = self.last == GO_AHEAD
        super().send(s)


class _CarefulTls(_Careful, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's, with a connection that raises `Unsure`."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _CarefulTls if self.use_ssl else _Careful
