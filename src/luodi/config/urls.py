"""Every address of the product; each app brings its own below the prefix of its manifest."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.i18n import set_language

from luodi.config.api import api
from luodi.manifest import brought, module_of
from luodi.shell import views

# What the sign-in's library also offers: a way in by e-mail, beside the security administrator.
CLOSED = ("email", "confirm-email", "password/set", "password/reset", "login/code")

urlpatterns = [
    path("i18n/", set_language, name="set_language"),
    *(re_path(rf"^accounts/{one}/", views.closed, name="closed") for one in CLOSED),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    *(
        path(manifest.prefix, include(f"{config.name}.urls"))
        for config, manifest in brought()
        if module_of(config, "urls")
    ),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
