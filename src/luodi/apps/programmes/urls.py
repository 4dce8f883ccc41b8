from django.urls import path

from luodi.apps.programmes import views

app_name = "programmes"
urlpatterns = [
    path("observations/<int:pk>/", views.board, name="observation"),
]
