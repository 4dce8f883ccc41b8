from django.urls import path

from luodi.ground.scope.views import accounts, me, units

app_name = "scope"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/sessions/", me.sessions, name="sessions"),
    path("units/", units.tree, name="tree"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/new/", units.new, name="unit_new"),
    path("units/<int:pk>/change/", units.change, name="unit_change"),
    path("units/<int:pk>/move/", units.move, name="unit_move"),
    path("units/<int:pk>/close/", units.close, name="unit_close"),
    path("admin/accounts/", accounts.accounts, name="accounts"),
    path("admin/accounts/new/", accounts.new, name="account_new"),
    path("admin/accounts/<int:pk>/", accounts.account, name="account"),
    path("admin/accounts/<int:pk>/change/", accounts.change, name="account_change"),
    path("admin/accounts/<int:pk>/grant/<int:unit_pk>/", accounts.grant, name="grant"),
    path("admin/accounts/<int:pk>/password/", accounts.password, name="password"),
    path("admin/accounts/<int:pk>/second-factor/", accounts.second_factor, name="second_factor"),
    path("admin/accounts/<int:pk>/sessions/", accounts.sessions, name="sessions_end"),
    path("admin/accounts/<int:pk>/active/", accounts.active, name="active"),
    path("admin/accounts/<int:pk>/token/", accounts.token, name="token"),
    path("admin/tokens/<int:pk>/revoke/", accounts.revoke, name="revoke"),
    path("admin/roles/<int:pk>/end/", accounts.end, name="role_end"),
]
