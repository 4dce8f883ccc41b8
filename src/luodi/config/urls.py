"""Every address of the product; each app brings its own under its name."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.i18n import set_language

from luodi.config.api import api
from luodi.shell import views

# What the sign-in's library also offers: a way in by e-mail, beside the security administrator.
CLOSED = ("email", "confirm-email", "password/set", "password/reset", "login/code")

urlpatterns = [
    path("", include("luodi.apps.workbench.urls")),
    path("", include("luodi.apps.scope.urls")),
    path("i18n/", set_language, name="set_language"),
    *(re_path(rf"^accounts/{one}/", views.closed, name="closed") for one in CLOSED),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    path("audit/", include("luodi.apps.audit.urls")),
    path("calendars/", include("luodi.apps.calendars.urls")),
    path("", include("luodi.apps.directory.urls")),
    path("evidence/", include("luodi.apps.evidence.urls")),
    path("", include("luodi.apps.casework.urls")),
    path("figures/", include("luodi.apps.figures.urls")),
    path("notices/", include("luodi.apps.notices.urls")),
    path("programmes/", include("luodi.apps.programmes.urls")),
    path("registers/", include("luodi.apps.registers.urls")),
    path("reports/", include("luodi.apps.reports.urls")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
