from django.urls import path

from luodi.ground.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("seals/", views.seals, name="seals"),
    path("<slug:subject>/<str:pk>/", views.history, name="history"),
]
