"""Addresses of pathways."""

from django.urls import path

from luodi.rooms.pathways.views import journeys, lists

app_name = "pathways"
urlpatterns = [
    path("", lists.journeys, name="journeys"),
    path("rolls/<slug:stage>/", lists.roll, name="roll"),
    path("new/", journeys.begin, name="begin"),
    path("<int:pk>/", journeys.journey, name="journey"),
    path("<int:pk>/file/", journeys.paper, name="paper"),
    path("<int:pk>/steps/<slug:key>/", journeys.step, name="step"),
    path("<int:pk>/interrupt/", journeys.interrupt, name="interrupt"),
    path("<int:pk>/resume/", journeys.resume, name="resume"),
    path("<int:pk>/move/", journeys.move, name="move"),
    path("<int:pk>/plan/", journeys.plan, name="plan"),
    path("<int:pk>/end/", journeys.end, name="end"),
    path("facts/<int:pk>/correct/", journeys.correct, name="correct"),
    path("facts/<int:pk>/withdraw/", journeys.withdraw, name="withdraw"),
]
