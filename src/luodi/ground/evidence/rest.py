"""Evidence over REST. A file is added to a record by that record's own verb."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Path, Router, Schema

from luodi.ground.evidence.models import File
from luodi.ground.evidence.views import sent
from luodi.lib.wire import Id

router = Router(tags=["evidence"])


class FileOut(Schema):
    """`subject` is the table of the record that the file belongs to, `subject_id` its id."""

    id: int
    subject: str
    subject_id: int
    name: str
    content_type: str
    size: int
    sha256: str
    uploaded_by_id: int | None
    uploaded_at: dt.datetime


@router.get("/files/{pk}", response=FileOut)
def about(request: HttpRequest, pk: Path[Id]) -> File:
    """What is known of a file."""
    return File.objects.get(pk=pk)


@router.get("/files/{pk}/content", response={200: bytes})
def content(request: HttpRequest, pk: Path[Id]) -> HttpResponseBase:
    """The file's bytes, always as a download."""
    return sent(File.objects.get(pk=pk), in_place=False)
