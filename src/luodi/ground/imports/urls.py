from django.urls import path

from luodi.ground.imports import views

app_name = "imports"
urlpatterns = [
    path("<slug:kind>/", views.upload, name="upload"),
    path("<slug:kind>/template/", views.template, name="template"),
    path("<slug:kind>/<slug:digest>/", views.report, name="report"),
    path("<slug:kind>/<slug:digest>/answers/", views.answers, name="answers"),
    path("<slug:kind>/<slug:digest>/correct/", views.correct, name="correct"),
    path("<slug:kind>/<slug:digest>/discard/", views.discard, name="discard"),
    path("<slug:kind>/<slug:digest>/errors/", views.errors, name="errors"),
    path("<slug:kind>/<slug:digest>/details/", views.details, name="details"),
]
