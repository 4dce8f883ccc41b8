from django.urls import path

from luodi.ground.search import views

app_name = "search"
urlpatterns = [path("", views.search, name="search")]
