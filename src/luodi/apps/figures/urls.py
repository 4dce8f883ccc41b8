"""Addresses of the figures."""

from django.urls import path

from luodi.apps.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<str:key>/", views.reading, name="reading"),
]
