"""Every address of the product; each app brings its own below the prefix of its manifest."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from luodi.config.api import api
from luodi.ground.records.pages import urls_of
from luodi.ground.records.resource import resources_of
from luodi.manifest import Manifest, brought, module_of
from luodi.shell import views

# What the sign-in's library also offers: a way in by e-mail, beside the security administrator.
CLOSED = (
    "email",
    "confirm-email",
    "password/set",
    "password/reset",
    "login/code",
    "sessions",
    r"2fa/webauthn/keys/\d+/edit",
)


def pages_of(config: AppConfig, manifest: Manifest) -> list[URLResolver]:
    """What an app serves: its own pages, and those of its kinds of records."""
    own = module_of(config, "urls")
    made: list[URLPattern] = [page for one in resources_of(manifest) for page in urls_of(one)]
    if not made:
        return [path(manifest.prefix, include(own))] if own else []
    patterns = [*(own.urlpatterns if own else ()), *made]
    space = getattr(own, "app_name", config.label)
    return [path(manifest.prefix, include((patterns, space)))]


urlpatterns = [
    path("i18n/", set_language, name="set_language"),
    *(re_path(rf"^accounts/{one}/", views.closed, name="closed") for one in CLOSED),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    *(page for config, manifest in brought() for page in pages_of(config, manifest)),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
