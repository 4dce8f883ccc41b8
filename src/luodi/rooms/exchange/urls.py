from django.urls import path

from luodi.rooms.exchange.views import introductions, offers, parties, plans

app_name = "exchange"
urlpatterns = [
    path("", offers.listing, name="offers"),
    path("new/", offers.post, name="post"),
    path("<int:pk>/", offers.offer, name="offer"),
    path("<int:pk>/change/", offers.change, name="change_offer"),
    path("<int:pk>/renew/", offers.renew, name="renew_offer"),
    path("<int:pk>/withdraw/", offers.withdraw, name="withdraw_offer"),
    path("<int:pk>/introduce/", introductions.introduce, name="introduce"),
    path("introductions/", introductions.listing, name="introductions"),
    path("introductions/<int:pk>/", introductions.introduction, name="introduction"),
    path("introductions/<int:pk>/tell/", introductions.tell, name="tell"),
    path("introductions/<int:pk>/negotiate/", introductions.negotiate, name="negotiate"),
    path("introductions/<int:pk>/lose/", introductions.lose, name="lose"),
    path("introductions/<int:pk>/finish/", introductions.finish, name="finish"),
    path("introductions/<int:pk>/case/", introductions.raise_case, name="raise_case"),
    path("introductions/<int:pk>/sign/", introductions.sign, name="sign"),
    path("contracts/<int:pk>/deliver/", introductions.deliver, name="deliver"),
    path("contracts/<int:pk>/attach/", introductions.attach, name="attach"),
    path("deliveries/<int:pk>/", introductions.correct_delivery, name="correct_delivery"),
    path("deliveries/<int:pk>/remove/", introductions.remove_delivery, name="remove_delivery"),
    path("documents/<int:pk>/", introductions.document, name="document"),
    path("own/", parties.own, name="own"),
    path("network/", parties.whole, name="network"),
    path("parties/<int:pk>/", parties.party, name="party"),
    path("parties/<int:pk>/change/", parties.change, name="change_party"),
    path("parties/<int:pk>/profile/", parties.profile, name="profile"),
    path("parties/<int:pk>/hand-over/", parties.hand_over, name="hand_over"),
    path("plans/", plans.plans, name="plans"),
    path("plans/ask/", plans.ask, name="ask_plan"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/stop/", plans.stop, name="stop_plan"),
    path("plans/<int:pk>/use/", plans.use, name="use_lines"),
]
