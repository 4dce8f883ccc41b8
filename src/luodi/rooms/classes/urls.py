from django.urls import path

from luodi.rooms.classes.views import cohorts, people, verifying

app_name = "classes"
urlpatterns = [
    path("courses/<int:pk>/people/", people.people, name="people"),
    path("courses/<int:pk>/people/new/", people.enrol, name="enrol"),
    path("courses/<int:pk>/materials/", people.materials, name="materials"),
    path("courses/<int:pk>/plan/", people.ask, name="ask_plan"),
    path("plans/<int:pk>/accept/", people.accept, name="accept_plan"),
    path("trainees/<int:pk>/place/", people.place, name="place"),
    path("trainees/<int:pk>/away/", people.away, name="away"),
    path("trainees/<int:pk>/drop/", people.drop, name="drop"),
    path("cohorts/<int:pk>/roll/", cohorts.roll, name="roll"),
    path("cohorts/<int:pk>/finish/", cohorts.finish, name="finish"),
    path("certificates/<int:pk>/", cohorts.certificate, name="certificate"),
    path("certificates/<int:pk>/revoke/", cohorts.revoke, name="revoke"),
    path("verify/", verifying.verify, name="verify"),
]
