"""Addresses of pathways."""

from django.urls import path

from luodi.rooms.pathways.views import dues, journeys, lists, pairings, terms

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
    path("dues/", dues.branches, name="dues"),
    path("dues/mine/", dues.mine, name="dues_mine"),
    path("dues/<int:pk>/<int:year>/", dues.year, name="dues_year"),
    path("dues/<int:pk>/<int:year>/<int:month>/", dues.month, name="dues_month"),
    path("dues/<int:pk>/<int:year>/receipt/<int:person>/", dues.receipt, name="receipt"),
    path("dues/<int:pk>/base/", dues.base, name="dues_base"),
    path("dues/<int:pk>/waive/", dues.waive, name="dues_waive"),
    path("dues/rows/<int:pk>/take-back/", dues.take_back, name="dues_take_back"),
    path("terms/", terms.terms, name="terms"),
    path("terms/<int:pk>/shift/", terms.shift, name="shift_term"),
    path("pairings/", pairings.pairings, name="pairings"),
    path("pairings/new/", pairings.begin, name="begin_pairing"),
    path("pairings/<int:pk>/", pairings.pairing, name="pairing"),
    path("pairings/<int:pk>/step/", pairings.add_step, name="add_pairing_step"),
    path("pairings/<int:pk>/end/", pairings.end, name="end_pairing"),
    path("pairings/steps/<int:pk>/done/", pairings.finish_step, name="finish_pairing_step"),
]
