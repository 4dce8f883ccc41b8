"""The casework pages. `report/` is open to anybody who holds a code."""

from django.urls import path
from django.views.generic import RedirectView

from luodi.rooms.casework.views import (
    acting,
    case,
    intake,
    lists,
    raising,
    settings,
    statistics,
)

app_name = "cases"
urlpatterns = [
    path("cases/", RedirectView.as_view(pattern_name="cases:problems", query_string=True)),
    path("cases/problems/", lists.problems, name="problems"),
    path("cases/board/", lists.board, name="board"),
    path("cases/responsibilities/", lists.responsibilities, name="responsibilities"),
    path("cases/rectifications/", lists.rectifications, name="rectifications"),
    path("cases/assign/", lists.many, name="assign"),
    path("cases/filters/", lists.keep_filter, name="keep_filter"),
    path("cases/filters/<int:pk>/remove/", lists.drop_filter, name="drop_filter"),
    path("cases/raise/", raising.new, name="raise"),
    path("cases/behalf/", raising.behalf, name="behalf"),
    path("cases/statistics/", statistics.statistics, name="statistics"),
    path("cases/settings/", settings.settings, name="settings"),
    path("cases/settings/category/", settings.category, name="category"),
    path("cases/settings/category/<int:pk>/", settings.category, name="category"),
    path("cases/settings/template/", settings.template, name="template"),
    path("cases/settings/template/<int:pk>/", settings.template, name="template"),
    path("cases/code/<int:unit_id>/", intake.poster, name="poster"),
    path("cases/code/<int:unit_id>/rotate/", intake.rotate, name="rotate"),
    path("report/progress/", intake.report_look_up, name="report_look_up"),
    path("report/progress/<str:opened>/", intake.report_progress, name="report_progress"),
    path("report/<str:token>/", intake.report, name="report"),
    path("report/<str:token>/<str:done>/", intake.reported, name="reported"),
    path("cases/<str:code>/", case.case, name="case"),
    path("cases/<str:code>/phone/", acting.phone, name="phone"),
    path("cases/<str:code>/forget/", acting.forget, name="forget"),
    path("cases/<str:code>/do/<str:key>/", acting.act, name="act"),
    path("cases/<str:code>/measures/<int:measure_id>/<str:key>/", acting.act, name="act_measure"),
]
