"""Mail once, or not at all, and said: with servers that hang, refuse, hang up and die."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.zone import Zone, build_zone

from luodi.ground.notices import api as notices
from luodi.ground.notices import sending
from luodi.ground.notices.models import Delivery, Notice
from luodi.ground.notices.tests.post_office import PostOffice
from luodi.ground.scope.api import SYSTEM, acting

DAY = dt.date(2022, 12, 22)
Status = Delivery.Status


@pytest.fixture
def office(settings: LazySettings) -> Iterator[PostOffice]:
    found = PostOffice()
    use(settings, found)
    yield found
    found.close()


def use(settings: LazySettings, office: PostOffice, tls: bool = False) -> None:
    settings.EMAIL_BACKEND = "luodi.ground.notices.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.EMAIL_USE_SSL, settings.EMAIL_TIMEOUT = tls, 5.0


def write(zone: Zone, role: str = "liaison", key: str = "k") -> Delivery:
    """One digest for somebody, waiting to be sent."""
    account = zone.accounts[role]
    account.email = f"{role}@example.org"
    account.save()
    notices.tell(accounts=[account], key=key, text="示例问题即将到期", url="/x/")
    notices.digest(DAY)
    return Delivery.objects.get(account=account)


def only() -> Delivery:
    return Delivery.objects.get()


def said() -> list[str]:
    return [one["said"] for one in only().log]


def test_it_arrives_and_says_that_it_is_automatic(zone: Zone, office: PostOffice) -> None:
    write(zone)
    assert notices.deliver() == (1, 0)
    (message,) = office.messages
    assert message["To"] == "liaison@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].strip().startswith("<http")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert said() == ["example.org"] and only().status == Status.SENT


def test_a_silent_server_is_left_and_asked_once_in_a_run(
    zone: Zone, office: PostOffice, settings: LazySettings
) -> None:
    settings.EMAIL_TIMEOUT, office.behaviour = 0.2, "hang"
    write(zone), write(zone, "office")
    assert notices.deliver() == (0, 1)
    assert office.callers == 1
    tried, untried = Delivery.objects.order_by("-tries")
    assert (tried.status, tried.tries, untried.tries) == (Status.WAITING, 1, 0)
    assert "timed out" in tried.answer


def test_a_server_that_is_gone(zone: Zone, office: PostOffice) -> None:
    office.close()
    write(zone)
    assert notices.deliver() == (0, 1)
    assert only().status == Status.WAITING and "refused" in said()[0]


def test_a_refused_recipient_is_said_and_keeps_nobody_else(zone: Zone, office: PostOffice) -> None:
    office.behaviour = "unknown"
    write(zone), write(zone, "office")
    assert notices.deliver() == (0, 2)
    assert set(Delivery.objects.values_list("answer", flat=True)) == {"550 no such mailbox"}


def test_what_may_have_arrived_is_not_sent_again_by_itself(zone: Zone, office: PostOffice) -> None:
    office.behaviour = "drop"
    first = write(zone)
    assert notices.deliver() == (0, 1)
    assert only().status == Status.UNSURE
    assert notices.deliver(now=timezone.now() + dt.timedelta(hours=3)) == (0, 0)
    page = zone.client("liaison").get(f"/notices/deliveries/{first.pk}/").content.decode()
    assert "可能已送达" in page and "Connection unexpectedly closed" in page
    office.behaviour = "ok"
    notices.retry(actor=zone.actor("system_admin"), delivery_id=first.pk)
    assert notices.deliver() == (1, 0)
    lost, arrived = office.messages
    assert lost["Message-ID"] == arrived["Message-ID"]
    assert len(said()) == 2 and said()[1] == "example.org"


def test_a_server_that_dies_after_it_accepted_has_it(zone: Zone, office: PostOffice) -> None:
    office.behaviour = "die"
    write(zone)
    assert notices.deliver() == (1, 0)
    assert notices.deliver() == (0, 0) and len(office.messages) == 1


def test_whoever_is_killed_while_sending_sends_nothing_twice(
    zone: Zone, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(zone)

    def killed(_delivery: Delivery) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_bring", killed)
        with pytest.raises(KeyboardInterrupt):
            notices.deliver()
    now = timezone.now()
    assert notices.deliver(now=now + dt.timedelta(minutes=5)) == (0, 0)
    assert only().status == Status.SENDING
    assert notices.deliver(now=now + dt.timedelta(minutes=16)) == (0, 0)
    assert only().status == Status.UNSURE and "中断" in said()[0]
    assert office.messages == []


def test_it_is_marked_and_committed_before_it_is_sent(
    committed_db: None,
    server: tuple[str, dict[str, str]],
    office: PostOffice,
) -> None:
    with acting(SYSTEM):
        write(build_zone())
    name, seen = connections["default"].settings_dict["NAME"], []

    def look() -> None:
        with psycopg.connect(server[0], dbname=name) as other:
            seen.extend(other.execute("SELECT status, tries FROM notices_delivery").fetchall())

    office.on_data = look
    assert notices.deliver() == (1, 0)
    assert seen == [("sending", 1)]


def test_tls_from_the_first_byte(
    zone: Zone, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    office = PostOffice(context)
    use(settings, office, tls=True)
    write(zone)
    assert notices.deliver() == (1, 0)
    office.close()


def settings_of(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """What a process with these settings prints of them."""
    nowhere = {"LUODI_DATA": str(folder), "DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"}
    code = (
        "from luodi.config import settings as s;"
        "print(s.EMAIL_USE_SSL, s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_TIMEOUT, s.WEBHOOK_TIMEOUT)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **nowhere, "LUODI_EMAIL_HOST": "mail.example", **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_an_operator_sets(tmp_path: Path) -> None:
    assert settings_of(tmp_path, LUODI_EMAIL_PORT="465").stdout == "True smtp 15.0 15.0\n"
    both = settings_of(tmp_path, LUODI_EMAIL_SSL="1", LUODI_EMAIL_TLS="1")
    assert both.returncode and "set one" in both.stderr


def a_certificate(folder: Path) -> Path:
    """A self-signed one of this machine, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return path


# --- nobody waits behind what fails ------------------------------------------------------------


def failing(zone: Zone, count: int) -> None:
    """Messages without an address, which failed before and whose time has come again."""
    Delivery.objects.bulk_create(
        Delivery(key=f"f{n}", subject="s", body="b", account=zone.accounts["auditor"], tries=3)
        for n in range(count)
    )


def test_fifty_that_fail_keep_no_fresh_one(zone: Zone) -> None:
    failing(zone, 50)
    fresh = write(zone)
    notices.deliver(limit=1)
    fresh.refresh_from_db()
    assert fresh.status == Status.SENT and len(mail.outbox) == 1


def test_what_waits_costs_no_query_of_what_is_sent(zone: Zone) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert notices.deliver(limit=1)[0] == 1
        return len(seen)

    write(zone)
    alone = queries()
    failing(zone, 60)
    write(zone, "office")
    assert (alone, queries()) == (11, 11)


def test_a_digest_of_many_costs_what_that_of_one_costs(zone: Zone) -> None:
    def queries(day: int, roles: list[str]) -> int:
        for role in roles:
            zone.accounts[role].email = f"{role}@example.org"
            zone.accounts[role].save()
        notices.tell(accounts=[zone.accounts[one] for one in roles], key=str(day), text="示例")
        with CaptureQueriesContext(connection) as seen:
            assert notices.digest(DAY + dt.timedelta(days=day)) == len(roles)
        return len(seen)

    assert queries(1, ["liaison"]) == queries(2, ["liaison", "office", "instructor"]) == 4


# --- no mail, please ---------------------------------------------------------------------------


def test_mail_is_stopped_by_its_own_address_and_begun_again_in_the_inbox(zone: Zone) -> None:
    write(zone)
    notices.deliver()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert address in mail.outbox[0].body
    path = address[address.index("/notices/") :]
    nobody = zone.client(None)
    assert nobody.get(path).status_code == 200  # a scanner that follows links stops nothing
    assert notices.wants_mail(zone.accounts["liaison"].pk)
    assert "已停止" in nobody.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    notices.tell(accounts=[zone.accounts["liaison"]], key="later", text="示例")
    assert notices.digest(DAY + dt.timedelta(days=1)) == 0
    assert Notice.objects.filter(key="later").exists()
    liaison = zone.client("liaison")
    assert "打开邮件提醒" in liaison.get("/notices/").content.decode()
    liaison.post("/notices/by-mail/", {"on": "1"})
    assert notices.digest(DAY + dt.timedelta(days=1)) == 1
    assert nobody.post("/notices/no-mail/forged/").status_code == 404


def test_who_is_gone_gets_no_mail(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    account.email, account.is_active = "liaison@example.org", False
    account.save()
    notices.tell(accounts=[account], key="k", text="示例")
    assert notices.digest(DAY) == 0
