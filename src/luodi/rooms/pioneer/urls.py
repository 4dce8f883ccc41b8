"""Addresses of pioneer."""

from django.urls import path

from luodi.rooms.pioneer.views import stands, tasks

app_name = "pioneer"
urlpatterns = [
    path("stands/<int:pk>/", stands.stand, name="stand"),
    path("stands/<int:pk>/sign/", stands.sign, name="sign"),
    path("stands/<int:pk>/hand-on/", stands.hand_on, name="hand_stand_on"),
    path("stands/<int:pk>/leave/", stands.leave, name="leave_stand"),
    path("stands/<int:pk>/agree/", stands.agree, name="agree_to_show"),
    path("seen/<slug:token>/", stands.seen, name="seen"),
    path("studios/<int:pk>/", stands.studio, name="studio"),
    path("studios/<int:pk>/join/", stands.join, name="join_studio"),
    path("studio-members/<int:pk>/leave/", stands.leave_studio, name="leave_studio"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/new/", tasks.raise_task, name="raise_task"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/claim/", tasks.claim, name="claim"),
    path("tasks/<int:pk>/withdraw/", tasks.withdraw, name="withdraw_task"),
    path("claims/<int:pk>/hand-on/", tasks.hand_on, name="hand_claim_on"),
    path("claims/<int:pk>/drop/", tasks.drop, name="drop_claim"),
    path("claims/<int:pk>/done/", tasks.finish, name="finish_claim"),
    path("backbone/", tasks.backbone, name="backbone"),
]
