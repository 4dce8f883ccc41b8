"""The room's addresses."""

from django.urls import path

from luodi.rooms.gatherings.views import gatherings

app_name = "gatherings"
urlpatterns = [
    path("<int:pk>/", gatherings.gathering, name="gathering"),
]
