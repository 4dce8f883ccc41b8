from django.urls import path

from luodi.rooms.energy.views import analysis, curves, months, plans, reading

app_name = "energy"
urlpatterns = [
    path("", months.home, name="home"),
    path("costs/", analysis.analysis, name="analysis"),
    path("carbon/", analysis.carbon, name="carbon"),
    path("green/", analysis.certificates, name="certificates_held"),
    path("green/<int:pk>/allot/", analysis.allot, name="allot"),
    path("slices/<int:pk>/claim/", analysis.claim, name="claim"),
    path("claims/<int:pk>/withdraw/", analysis.withdraw, name="withdraw"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.ask, name="ask_plan"),
    path("plans/what-if/", plans.what_if, name="what_if"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/stop/", plans.stop, name="stop_plan"),
    path("readings/", reading.take_readings, name="take_readings"),
    path("meters/<int:pk>/curve/", curves.curve, name="curve"),
    path("meters/<int:pk>/estimate/", reading.estimate, name="estimate"),
    path("contracts/<int:pk>/month/", months.new_month, name="new_month"),
    path("months/<int:pk>/", months.settlement, name="settlement"),
    path("months/<int:pk>/draft/", months.step, {"verb": "draft"}, name="draft"),
    path("months/<int:pk>/check/", months.step, {"verb": "check"}, name="check"),
    path("months/<int:pk>/close/", months.step, {"verb": "close"}, name="close"),
    path("months/<int:pk>/return/", months.return_month, name="return_month"),
    path("bills/<int:pk>/", months.bill, name="bill"),
    path("bills/<int:pk>/agree/", months.agree, name="agree"),
    path("bills/<int:pk>/agree-for/", months.agree_for, name="agree_for"),
    path("bills/<int:pk>/object/", months.object_to, name="object_to"),
]
