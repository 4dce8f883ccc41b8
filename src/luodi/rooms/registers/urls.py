from django.urls import path

from luodi.rooms.registers.views import awards, definitions, entries, lists

app_name = "registers"
urlpatterns = [
    path("", lists.registers, name="registers"),
    path("new/", definitions.define, name="define"),
    path("install/", definitions.install, name="install"),
    path("<int:pk>/", lists.entries, name="entries"),
    path("<int:pk>/record/", entries.record, name="record"),
    path("<int:pk>/definition/", definitions.definition, name="definition"),
    path("<int:pk>/change/", definitions.change, name="change"),
    path("<int:pk>/retire/", definitions.retire, name="retire"),
    path("<int:pk>/columns/new/", definitions.add_column, name="add_column"),
    path("columns/<int:pk>/", definitions.change_column, name="change_column"),
    path("columns/<int:pk>/move/<slug:way>/", definitions.move_column, name="move_column"),
    path("columns/<int:pk>/retire/", definitions.retire_column, name="retire_column"),
    path("<int:pk>/figures/new/", definitions.add_figure, name="add_figure"),
    path("figures/<int:pk>/", definitions.change_figure, name="change_figure"),
    path("figures/<int:pk>/retire/", definitions.retire_figure, name="retire_figure"),
    path("<int:pk>/export/", lists.export, name="export"),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/change/", entries.change, name="change_entry"),
    path("entries/<int:pk>/correct/", entries.correct, name="correct_entry"),
    path("entries/<int:pk>/end/", entries.end, name="end_entry"),
    path("entries/<int:pk>/withdraw/", entries.withdraw, name="withdraw_entry"),
    path("entries/<int:pk>/attach/", entries.attach, name="attach"),
    path("<int:pk>/rounds/", awards.rounds, name="rounds"),
    path("<int:pk>/rounds/new/", awards.open_round, name="open_round"),
    path("rounds/<int:pk>/", awards.award_round, name="round"),
    path("rounds/<int:pk>/nominate/", awards.nominate, name="nominate"),
    path("rounds/<int:pk>/ballot/", awards.ballot, name="ballot"),
    path("rounds/<int:pk>/advance/", awards.advance, name="advance"),
    path("candidacies/<int:pk>/review/", awards.review, name="review"),
    path("candidacies/<int:pk>/object/", awards.object_to, name="object"),
    path("objections/<int:pk>/", awards.resolve, name="resolve"),
]
