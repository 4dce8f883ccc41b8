"""Addresses of the figures."""

from django.urls import path

from luodi.ground.figures import checking_views, views

app_name = "figures"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("check/", checking_views.check, name="check"),
    path("<str:key>/", views.reading, name="reading"),
]
