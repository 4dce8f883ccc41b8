"""Addresses of the cockpit."""

from django.urls import path

from luodi.rooms.cockpit import views

app_name = "cockpit"
urlpatterns = [
    path("", views.cockpit, name="cockpit"),
    path("<int:pk>/choose/", views.choose, name="choose"),
    path("<int:pk>/mornings/", views.mornings, name="mornings"),
]
