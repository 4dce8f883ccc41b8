from django.urls import path

from luodi.apps.evidence import views

app_name = "evidence"
urlpatterns = [path("files/<int:pk>/", views.download, name="file")]
