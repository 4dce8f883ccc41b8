"""The page of a gathering."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from luodi.ground.scope.api import Request
from luodi.rooms.gatherings.models import Gathering


@login_required
def gathering(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Gathering, pk=pk)
    return HttpResponse(str(row))
