from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "luodi.ground.calendars"
    label = "calendars"
