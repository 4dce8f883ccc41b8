from django.urls import path

from luodi.rooms.programmes.views import boards, planning, statements

app_name = "programmes"
urlpatterns = [
    path("", boards.board, name="board"),
    path("roadmap/", boards.roadmap, name="roadmap"),
    path("workplan/", boards.workplan, name="workplan"),
    path("new/", planning.new_programme, name="new_programme"),
    path("<int:pk>/", boards.programme, name="programme"),
    path("<int:pk>/change/", planning.change_programme, name="change_programme"),
    path("<int:pk>/measures/new/", planning.new_measure, name="new_measure"),
    path("measures/<int:pk>/change/", planning.change_measure, name="change_measure"),
    path("measures/<int:pk>/finish/", planning.finish_measure, name="finish_measure"),
    path("measures/<int:pk>/reopen/", planning.reopen_measure, name="reopen_measure"),
    path("measures/<int:pk>/cases/", planning.link_case, name="link_case"),
    path("links/<int:pk>/remove/", planning.unlink_case, name="unlink_case"),
    path("measures/<int:pk>/targets/new/", planning.new_target, name="new_target"),
    path("targets/<int:pk>/", planning.target, name="target"),
    path("targets/<int:pk>/trend.svg", boards.trend, name="trend"),
    path("targets/<int:pk>/change/", planning.change_target, name="change_target"),
    path("targets/<int:pk>/drop/", planning.drop_target, name="drop_target"),
    path("targets/<int:pk>/case/", planning.open_case, name="open_case"),
    path("indicators/", statements.indicators, name="indicators"),
    path("indicators/new/", statements.new_indicator, name="new_indicator"),
    path("indicators/<int:pk>/", statements.indicator, name="indicator"),
    path("indicators/<int:pk>/change/", statements.change_indicator, name="change_indicator"),
    path("indicators/<int:pk>/observe/", statements.observe, name="observe"),
    path("observations/<int:pk>/", statements.observation, name="observation"),
    path("observations/<int:pk>/correct/", statements.correct, name="correct"),
    path("observations/<int:pk>/withdraw/", statements.withdraw, name="withdraw"),
]
