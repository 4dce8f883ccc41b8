"""The same jobs on django-helpdesk, as a peer: run by `make bench` in an environment of its own.

    python benchmarks/helpdesk_peer.py URL TICKETS     prints {"case list": {"p50", "p95"}, …} in milliseconds

As many tickets as there are cases, five follow-ups each, one queue for each hundred enterprises; the
officer may see one queue (django-helpdesk's per-queue permission), as Luodi's sees one zone.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

ROUNDS = 20
PER_QUEUE = 10_000
urlpatterns: list[Any] = []  # filled once Django is set up


def configure(url: str) -> None:
    parts = conninfo_to_dict(url)
    settings.configure(
        SECRET_KEY="only-for-benchmarks",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        SITE_ID=1,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_ENABLE_PER_QUEUE_STAFF_PERMISSION=True,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        STATIC_URL="/static/",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts["dbname"],
                "USER": parts["user"],
                "PASSWORD": parts["password"],
                "HOST": parts["host"],
                "PORT": parts["port"],
                "CONN_MAX_AGE": 600,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.sites",
            "django.contrib.humanize",
            "django.contrib.staticfiles",
            "rest_framework",
            "helpdesk.apps.HelpdeskConfig",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    django.setup()


def fill(tickets: int) -> None:
    """Queues, tickets and follow-ups by SQL, where they are not there yet."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from helpdesk.models import FollowUp, Queue, Ticket

    if FollowUp.objects.exists():
        return
    queues = [
        Queue.objects.create(title=f"示例开发区{n}", slug=f"zone-{n}")
        for n in range(1, tickets // PER_QUEUE + 1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO helpdesk_ticket (id, title, queue_id, created, modified, status, on_hold,"
            " description, priority, secret_key, submitter_email)"
            " SELECT n, '示例问题' || n, %s + n %% %s, now() - (n %% 1000) * interval '1 day', now(),"
            " CASE WHEN n %% 10 = 0 THEN 1 ELSE 4 END, false, '电力 线路 受阻 ' || n, 3, md5(n::text), ''"
            " FROM generate_series(1, %s) n",
            [queues[0].pk, len(queues), tickets],
        )
        cursor.execute(
            "INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public)"
            " SELECT t.id, t.created + v * interval '2 hours', '进展', '正在办理', true"
            " FROM helpdesk_ticket t, generate_series(1, 5) v"
        )
        for model in (Ticket, FollowUp):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def officer() -> Any:
    """A staff member who may see the first queue only."""
    from django.contrib.auth.models import Permission, User
    from helpdesk.models import Queue

    user, made = User.objects.get_or_create(username="office", defaults={"is_staff": True})
    if made:
        name = Queue.objects.order_by("id")[0].permission_name
        user.user_permissions.add(Permission.objects.get(codename=name.split(".")[-1]))
    return user


def measure(job: Callable[[int], None]) -> dict[str, float]:
    job(0)
    samples = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        job(number)
        samples.append((time.perf_counter() - start) * 1000)
    return {"p50": statistics.median(samples), "p95": sorted(samples)[int(0.95 * ROUNDS) - 1]}


def main(url: str, tickets: int) -> dict[str, dict[str, float]]:
    configure(url)
    from django.contrib import admin
    from django.urls import include, path

    urlpatterns.append(path("admin/", admin.site.urls))
    urlpatterns.append(path("", include("helpdesk.urls", namespace="helpdesk")))
    fill(tickets)
    from django.test import Client
    from helpdesk.models import Queue, Ticket
    from helpdesk.query import query_to_base64

    user = officer()
    queue = Queue.objects.order_by("id")[0]
    client = Client()
    client.force_login(user)
    ids = list(
        Ticket.objects.filter(queue=queue).order_by("-id").values_list("id", flat=True)[:ROUNDS]
    )

    def get(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")

    def listed(search: str = "") -> str:
        query = query_to_base64(
            {
                "filtering": {"queue__id__in": [queue.pk], "status__in": [1, 2]},
                "filtering_null": {},
                "sorting": "created",
                "sortreverse": False,
                "search_string": search,
            }
        )
        return f"/datatables_ticket_list/{query}?draw=1&start=0&length=50&order[0][column]=0&order[0][dir]=asc"

    def raised(number: int) -> None:
        ticket = Ticket(title=f"示例 {number}", queue=queue, description="电力线路受阻", priority=3)
        ticket.save()
        ticket.followup_set.create(title="Ticket Opened", comment="电力线路受阻", public=True)

    return {
        "case list": measure(lambda n: (get("/tickets/"), get(listed()))),  # type: ignore[func-returns-value]
        "search": measure(lambda n: get(listed("线路"))),
        "case page": measure(lambda n: get(f"/tickets/{ids[n % len(ids)]}/")),
        "raising a problem": measure(raised),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
