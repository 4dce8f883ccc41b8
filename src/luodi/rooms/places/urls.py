from django.urls import path

from luodi.rooms.places.views import bookings, calendars, lists

app_name = "places"
urlpatterns = [
    path("bookings/", lists.dates, name="bookings"),
    path("", calendars.find, name="find"),
    path("venues/<int:pk>/calendar/", calendars.calendar, name="calendar"),
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
