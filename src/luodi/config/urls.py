"""Every address of the product; each app brings its own under its name."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.i18n import set_language

from luodi.config.api import api
from luodi.shell import views

# What the sign-in's library also offers: a way in by e-mail, beside the security administrator.
CLOSED = ("email", "confirm-email", "password/set", "password/reset", "login/code")

urlpatterns = [
    path("", include("luodi.rooms.workbench.urls")),
    path("", include("luodi.ground.scope.urls")),
    path("i18n/", set_language, name="set_language"),
    *(re_path(rf"^accounts/{one}/", views.closed, name="closed") for one in CLOSED),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    path("audit/", include("luodi.ground.audit.urls")),
    path("calendars/", include("luodi.ground.calendars.urls")),
    path("", include("luodi.rooms.directory.urls")),
    path("evidence/", include("luodi.ground.evidence.urls")),
    path("", include("luodi.rooms.casework.urls")),
    path("figures/", include("luodi.ground.figures.urls")),
    path("imports/", include("luodi.ground.imports.urls")),
    path("notices/", include("luodi.ground.notices.urls")),
    path("programmes/", include("luodi.rooms.programmes.urls")),
    path("registers/", include("luodi.rooms.registers.urls")),
    path("reports/", include("luodi.rooms.reports.urls")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
