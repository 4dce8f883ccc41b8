from django.urls import path

from luodi.rooms.workbench import views

urlpatterns = [
    path("", views.home, name="home"),
    path("pins/", views.pins, name="pins"),
    path("my-figures/", views.my_figures, name="my_figures"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/change/", views.change_calendar, name="change_calendar"),
    path("calendar/<str:token>.ics", views.feed, name="calendar_feed"),
]
