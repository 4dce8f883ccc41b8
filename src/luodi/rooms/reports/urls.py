"""Addresses of reports."""

from django.urls import path

from luodi.rooms.reports.views import articles, editor, reports, verification

app_name = "reports"

urlpatterns = [
    path("", reports.reports, name="reports"),
    path("draft/", reports.draft, name="draft"),
    path("preview/", editor.preview, name="preview"),
    path("pick/", editor.pick, name="pick"),
    path("signing/", reports.signing, name="signing"),
    path("templates/", editor.templates, name="templates"),
    path("templates/new/", editor.new, name="template_new"),
    path("templates/<slug:key>/", editor.template, name="template"),
    path("verify/", verification.verify, name="verify"),
    path("key/", verification.key, name="key"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/edit/", editor.edit, name="edit"),
    path("<int:pk>/step/", reports.step, name="step"),
    path("<int:pk>/publish/", reports.publish, name="publish"),
    path("<int:pk>/call-off/", reports.call_off, name="call_off"),
    path("<int:pk>/withdraw/", reports.withdraw, name="withdraw"),
    path("<int:pk>/drop/", reports.drop, name="drop"),
    path("<int:pk>/compare/", reports.compare, name="compare"),
    path("<int:pk>/readings/<int:number>/", reports.reading, name="reading"),
    path("<int:pk>/article/", articles.article, name="article"),
    path("<int:pk>/article/shown/", articles.shown, name="article_shown"),
    path("<int:pk>/file/<slug:form>/", reports.download, name="file"),
]
