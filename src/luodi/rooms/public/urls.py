"""Addresses of the public's pages."""

from django.urls import path

from luodi.rooms.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("events/", views.events, name="events"),
    path("events.ics", views.calendar, name="calendar"),
    path("events.rss", views.rss, name="rss"),
    path("places/", views.places, name="places"),
    path("raise/", views.raising, name="raising"),
    path("type/", views.type_size, name="type_size"),
]
