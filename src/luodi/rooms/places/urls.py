from django.urls import path

from luodi.rooms.places.views import bookings, calendars, keeping, lists, using

app_name = "places"
urlpatterns = [
    path("bookings/", lists.dates, name="bookings"),
    path("", calendars.find, name="find"),
    path("venues/<int:pk>/calendar/", calendars.calendar, name="calendar"),
    path("venues/<int:pk>/use/", using.use, name="use"),
    path("grounds/", using.grounds, name="grounds"),
    path("closures/new/", keeping.new_closure, name="new_closure"),
    path("venues/<int:pk>/photograph/", keeping.photograph_venue, name="photograph_venue"),
    path("rooms/<int:pk>/photograph/", keeping.photograph_room, name="photograph_room"),
    path("rooms/<int:pk>/door/", keeping.open_door, name="open_door"),
    path("rooms/<int:pk>/door/close/", keeping.close_door, name="close_door"),
    path("door/<str:token>/", keeping.door, name="door"),
    path("calendar/<str:token>.ics", keeping.room_calendar, name="room_calendar"),
    path("book/", bookings.book, name="book"),
    path("bookings/<int:pk>/", bookings.booking, name="booking"),
    path("bookings/<int:pk>/approve/", bookings.approve, name="approve"),
    path("bookings/<int:pk>/refuse/", bookings.refuse, name="refuse"),
    path("bookings/<int:pk>/note/", bookings.note, name="note"),
    path("dates/<int:pk>/change/", bookings.change, name="change_date"),
    path("dates/<int:pk>/cancel/", bookings.cancel, name="cancel_date"),
    path("dates/<int:pk>/skip/", bookings.skip, name="skip"),
    path("dates/<int:pk>/put-back/", bookings.put_back, name="put_back"),
    path("dates/<int:pk>/answer/", bookings.answer, name="answer"),
]
