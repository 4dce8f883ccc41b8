"""Addresses of the circle."""

from django.urls import path

from luodi.rooms.circle import views

app_name = "circle"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("new/", views.new_study, name="new_study"),
    path("studies/<int:pk>/", views.study, name="study"),
    path("studies/<int:pk>/map/", views.study_map, name="study_map"),
    path("streets/", views.streets, name="streets"),
]
