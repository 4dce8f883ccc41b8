from django.urls import path

from luodi.ground.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("days/<int:pk>/clear/", views.clear, name="clear"),
    path("days/", views.set_day, name="set_day"),
    path("hours/", views.set_hours, name="set_hours"),
    path("fill/", views.fill, name="fill"),
]
