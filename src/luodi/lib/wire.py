"""Types of what comes in over REST, each with its bounds: no text or number the database cannot hold."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

_NO_NUL = r"^[^\x00]*$"

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Prose = Annotated[str, StringConstraints(max_length=10_000, pattern=_NO_NUL)]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), lt=dt.date(2200, 1, 1))]
Moment = Annotated[
    AwareDatetime,
    Field(ge=dt.datetime(1900, 1, 1, tzinfo=dt.UTC), lt=dt.datetime(2200, 1, 1, tzinfo=dt.UTC)),
]

MOST_ROWS = 200
