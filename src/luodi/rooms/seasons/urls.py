"""The pages of seasons beside those of their records."""

from django.urls import path

from luodi.rooms.seasons import views

app_name = "seasons"
urlpatterns = [
    path("seasons/<int:pk>/", views.season, name="season"),
    path("seasons/<int:pk>/plans/ask/", views.ask, name="ask_plan"),
    path("seasons/<int:pk>/add/", views.add, name="add_performance"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/publish/", views.publish, name="publish_plan"),
    path("plans/<int:pk>/stop/", views.stop, name="stop_plan"),
    path("performances/<int:pk>/hold/", views.hold, name="hold_performance"),
    path("performances/<int:pk>/cancel/", views.cancel, name="cancel_performance"),
    path("performances/<int:pk>/instead/", views.instead, name="make_up"),
    path("villages/<int:pk>/", views.village, name="village"),
]
