"""Addresses of the chat platforms: signing in, the vendors' callbacks, the operator's pages."""

from django.urls import path, re_path

from luodi.ground.chat import views

app_name = "chat"
urlpatterns = [
    path("chat/<int:pk>/in/", views.go_in, name="go_in"),
    path("chat/<int:pk>/back/", views.back, name="back"),
    path("chat/<int:pk>/called/", views.called, name="called"),
    path("chat/mine/", views.mine, name="mine"),
    path("admin/chat/", views.apps, name="apps"),
    path("admin/chat/new/", views.app, name="new"),
    path("admin/chat/<int:pk>/", views.app, name="app"),
    path("admin/chat/<int:pk>/check/", views.check, name="check"),
    re_path(r"^(?P<name>WW_verify_\w{4,40}\.txt)$", views.proof, name="proof"),
]
