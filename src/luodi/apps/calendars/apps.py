from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "luodi.apps.calendars"
    label = "calendars"
