"""Addresses of the directory."""

from django.urls import path

from luodi.rooms.directory.views import branches, enterprises, exports, people, ties

app_name = "directory"

urlpatterns = [
    path("enterprises/", enterprises.enterprises, name="enterprises"),
    path("enterprises/add/", enterprises.add, name="add_enterprise"),
    path("enterprises/<int:pk>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/change/", enterprises.change, name="change_enterprise"),
    path("enterprises/<int:pk>/lead/", enterprises.lead, name="lead"),
    path("enterprises/<int:pk>/close/", enterprises.close, name="close_enterprise"),
    path("branches/", branches.branches, name="branches"),
    path("branches/found/", branches.found, name="found_branch"),
    path("branches/<int:pk>/", branches.branch, name="branch"),
    path("branches/<int:pk>/type/", branches.reorganise, name="reorganise_branch"),
    path("branches/<int:pk>/term/", branches.term, name="term"),
    path("branches/<int:pk>/span/", branches.span, name="span"),
    path("branches/<int:pk>/dissolve/", branches.dissolve, name="dissolve_branch"),
    path("branches/<int:pk>/override/<slug:rule>/", branches.override, name="override"),
    path("overrides/<int:pk>/end/", branches.end_override, name="end_override"),
    path("spans/<int:pk>/end/", branches.end_span, name="end_span"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change, name="change_person"),
    path("people/<int:pk>/reveal/<slug:field>/", people.reveal, name="reveal"),
    path("people/<int:pk>/export/", people.export, name="export_person"),
    path("people/<int:pk>/erase/", people.erase, name="erase_person"),
    path("people/<int:pk>/join/", ties.join, name="join"),
    path("people/<int:pk>/appoint/", ties.appoint, name="appoint"),
    path("memberships/<int:pk>/advance/", ties.advance, name="advance"),
    path("memberships/<int:pk>/transfer/", ties.transfer, name="transfer"),
    path("memberships/<int:pk>/end/", ties.leave, name="end_membership"),
    path("memberships/<int:pk>/correct/", ties.correct_membership, name="correct_membership"),
    path("posts/<int:pk>/end/", ties.end_post, name="end_post"),
    path("posts/<int:pk>/correct/", ties.correct_post, name="correct_post"),
    path("privacy/", people.privacy, name="privacy"),
    path("export/<slug:kind>/", exports.export, name="export"),
]
