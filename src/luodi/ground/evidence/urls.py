from django.urls import path

from luodi.ground.evidence import views

app_name = "evidence"
urlpatterns = [path("files/<int:pk>/", views.download, name="file")]
