from django.urls import path

from luodi.rooms.duties.views import reading, rules

app_name = "duties"
urlpatterns = [
    path("", reading.board, name="board"),
    path("units/<int:pk>/", reading.year, name="year"),
    path("units/<int:pk>/people/", reading.people, name="people"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new, name="new"),
    path("rules/install/", rules.install, name="install"),
    path("rules/<int:pk>/", rules.duty, name="duty"),
    path("rules/<int:pk>/rename/", rules.rename, name="rename"),
    path("rules/<int:pk>/renew/", rules.renew, name="renew"),
    path("rules/<int:pk>/end/", rules.end, name="end"),
    path("rules/<int:pk>/units/<int:unit>/excuse/", rules.excuse, name="excuse"),
    path("excuses/<int:pk>/end/", rules.end_excuse, name="end_excuse"),
]
