"""The pages of guidance: `guide/` is everybody's, `guides/` are those of who keeps guides."""

from django.urls import path

from luodi.rooms.guidance.views import desk, public

app_name = "guidance"
urlpatterns = [
    path("guide/", public.offered, name="offered"),
    path("guide/<slug:key>/", public.answer, name="answer"),
    path("guide/<slug:key>/paper/", public.paper, name="paper"),
    path("guides/<int:pk>/", desk.guide, name="guide"),
    path("guides/<int:pk>/texts/", desk.texts, name="texts"),
    path("guides/<int:pk>/numbers/", desk.numbers, name="numbers"),
    path("guides/<int:pk>/cases/", desk.cases, name="cases"),
    path("guides/<int:pk>/document/", desk.document, name="document"),
    path("guides/<int:pk>/preview/", desk.preview, name="preview"),
    path("guides/<int:pk>/publish/", desk.publish, name="publish"),
    path("guides/<int:pk>/discard/", desk.discard, name="discard"),
    path("guides/<int:pk>/review/", desk.review, name="review"),
    path("guides/<int:pk>/card/", desk.card, name="card"),
    path("guides/editions/<int:pk>/withdraw/", desk.withdraw, name="withdraw"),
    path("guides/install/", desk.install, name="install"),
]
