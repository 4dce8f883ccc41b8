"""Every address of the product; each app brings its own under its name."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from luodi.shell import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("luodi.apps.scope.urls")),
    path("i18n/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
