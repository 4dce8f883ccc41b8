from django.urls import path

from luodi.rooms.care.views import forms, home, money, nursing, rounds

app_name = "care"
urlpatterns = [
    path("", home.board, name="board"),
    path("residents/", home.residents, name="residents"),
    path("residents/new/", forms.new_enquiry, name="enquire"),
    path("residents/<int:pk>/", home.resident, name="resident"),
    path("residents/<int:pk>/picture.jpg", home.picture, name="picture"),
    path("residents/<int:pk>/plan/", nursing.plan, name="plan"),
    path("residents/<int:pk>/account/", money.account, name="account"),
    path("residents/<int:pk>/routine/", rounds.confirm_routine, name="confirm_routine"),
    path("contacts/<int:pk>/end/", home.end_contact, name="end_contact"),
    path("documents/<int:pk>/", home.document, name="document"),
    path("assessments/<int:pk>/", nursing.assessment, name="assessment"),
    path("assessments/<int:pk>/sign/", nursing.countersign, name="countersign"),
    path("assessments/<int:pk>/reject/", nursing.reject_assessment, name="reject_assessment"),
    path("notes/<int:pk>/replace/", forms.replace_note, name="replace_note"),
    path("incidents/<int:pk>/", nursing.incident, name="incident"),
    path("round/", rounds.round_page, name="round"),
    path("round/sheet/", rounds.sheet, name="sheet"),
    path("round/worker.js", rounds.worker, name="worker"),
    path("round/send/", rounds.send, name="send"),
    path("dues/<int:pk>/confirm/", rounds.confirm, name="confirm_done"),
    path("dues/<int:pk>/", forms.answer_act, name="confirm"),
    path("dues/<int:pk>/correct/", rounds.correct_outcome, name="correct_outcome"),
    path("doses/<int:pk>/give/", rounds.give, name="give"),
    path("handovers/", rounds.handovers, name="handovers"),
    path("handovers/new/", forms.new_handover, name="hand_over_shift"),
    path("handovers/<int:pk>/", rounds.handover, name="handover"),
    path("handovers/<int:pk>/read/", rounds.take_handover, name="take_handover"),
    path("money/", money.money, name="money"),
    path("bills/<int:pk>/", money.bill, name="bill"),
    path("kitchen/", money.kitchen, name="kitchen"),
    *forms.paths(),
]
