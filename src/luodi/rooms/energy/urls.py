from django.urls import path

from luodi.rooms.energy.views import curves, months, reading

app_name = "energy"
urlpatterns = [
    path("", months.home, name="home"),
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
