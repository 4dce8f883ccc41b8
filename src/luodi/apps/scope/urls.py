from django.urls import path

from luodi.apps.scope import views

app_name = "scope"
urlpatterns = [path("me/", views.me, name="me")]
