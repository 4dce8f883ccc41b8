from django.urls import path

from luodi.ground.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("my-address/", views.address, name="address"),
    path("my-address/<str:token>/", views.confirm_address, name="confirm_address"),
    path("by-mail/", views.by_mail, name="by_mail"),
    path("no-mail/<str:token>/", views.no_mail, name="no_mail"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/", views.follow, name="follow"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("deliveries/<int:pk>/retry/", views.send_again, name="retry"),
    path("robots/", views.robots, name="robots"),
    path("robots/<int:pk>/remove/", views.drop_robot, name="remove_robot"),
]
