"""The room's addresses; those of the list and of REST follow from the declaration."""

from django.urls import path

from luodi.rooms.gatherings.views import (
    binding,
    deciding,
    gatherings,
    invitation,
    planning,
    recording,
    wall,
)

app_name = "gatherings"
urlpatterns = [
    path("gatherings/new/", planning.new, name="new_gathering"),
    path("gatherings/book/", binding.book, name="book"),
    path("gatherings/here/<str:token>/", wall.here, name="here"),
    path("gatherings/<int:pk>/wall/", wall.wall, name="wall"),
    path("gatherings/<int:pk>/", gatherings.gathering, name="gathering"),
    path("gatherings/<int:pk>/change/", planning.change, name="change_gathering"),
    path("gatherings/<int:pk>/cancel/", planning.cancel, name="cancel"),
    path("gatherings/<int:pk>/invite/", gatherings.invite, name="invite"),
    path("gatherings/<int:pk>/invitation.ics", invitation.invitation, name="invitation"),
    path("gatherings/<int:pk>/answer/", gatherings.answer, name="answer"),
    path("gatherings/<int:pk>/files/", gatherings.attach_files, name="attach"),
    path("gatherings/<int:pk>/attendance/", recording.attendance, name="attendance"),
    path("gatherings/<int:pk>/minutes/", recording.write, name="write"),
    path("gatherings/<int:pk>/sign/", recording.sign, name="sign"),
    path("gatherings/<int:pk>/ask/", recording.ask, name="ask"),
    path("gatherings/<int:pk>/correct/", recording.correct, name="correct"),
    path("gatherings/<int:pk>/votes/new/", deciding.new_vote, name="new_vote"),
    path("gatherings/votes/<int:pk>/", deciding.count, name="count"),
    path("gatherings/votes/<int:pk>/withdraw/", deciding.withdraw, name="withdraw"),
    path("gatherings/<int:pk>/tasks/new/", deciding.new_task, name="new_task"),
    path("gatherings/tasks/<int:pk>/", deciding.finish, name="finish"),
    path("gatherings/<int:pk>/case/", deciding.new_case, name="new_case"),
]
