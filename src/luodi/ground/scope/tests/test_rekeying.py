"""A new secret: what was encrypted under the former one is read, and then needs it no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from pytest_django.fixtures import Settings
from tests.zone import Zone

from luodi.config.rekey import rekey
from luodi.ground.notices import api as notices
from luodi.ground.scope import actor
from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.directory import api as directory
from luodi.rooms.directory import ciphers
from luodi.rooms.directory.models import Person
from luodi.rooms.reports import keys

IDENTITIES = ["11010519491231002X", "110105199003078115"]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database is not told the new key of scopes, which is the superuser's to write."""
    known = actor.signing_key()
    monkeypatch.setattr(actor, "signing_key", lambda: known)


@pytest.fixture(autouse=True)
def apart(settings: Settings, tmp_path: Path) -> None:
    """The signing key that other tests use stays under the secret that they know."""
    settings.DATA_DIR = tmp_path


def _new_secret(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [str(settings.SECRET_KEY)]
    settings.SECRET_KEY = "another secret for this test"


@pytest.fixture
def people(zone: Zone) -> list[Person]:
    with acting(SYSTEM):
        return [
            directory.add_person(
                actor=SYSTEM,
                unit=zone.enterprise,
                name=f"示例{n}",
                identity=number,
                phone="13800138000",
            )
            for n, number in enumerate(IDENTITIES)
        ]


@pytest.fixture
def factor(zone: Zone) -> Authenticator:
    data = {"secret": encrypt("JBSWY3DP"), "used_mask": 3, "migrated_codes": [encrypt("12345678")]}
    kind = Authenticator.Type.TOTP
    return Authenticator.objects.create(user=zone.accounts["liaison"], type=kind, data=data)


def test_former_secrets_still_open_what_they_sealed(settings: Settings) -> None:
    cipher, found_by = ciphers.sealed("110105"), ciphers.lookup("110105")
    _new_secret(settings)
    assert ciphers.opened(cipher) == "110105"
    assert found_by in ciphers.lookups("110105") and found_by != ciphers.lookup("110105")
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        ciphers.opened(cipher)


@pytest.mark.usefixtures("people")
def test_after_rekeying_no_former_secret_is_needed(
    settings: Settings, factor: Authenticator
) -> None:
    public = keys.signing_key().public_key()
    _new_secret(settings)
    with acting(SYSTEM):
        assert rekey(batch=1) == {
            "people": 2,
            "second factors": 1,
            "group secrets": 0,
            "report signing key": 1,
        }
    settings.SECRET_KEY_FALLBACKS = []
    with acting(SYSTEM):
        found = Person.objects.exclude(identity_cipher="")
        assert {ciphers.opened(one.identity_cipher) for one in found} == set(IDENTITIES)
        assert {one.identity_hash for one in found} == {ciphers.lookup(n) for n in IDENTITIES}
        assert {ciphers.opened(one.phone_cipher) for one in found} == {"13800138000"}
    factor.refresh_from_db()
    assert decrypt(factor.data["secret"]) == "JBSWY3DP"
    assert decrypt(factor.data["migrated_codes"][0]) == "12345678"
    assert factor.data["used_mask"] == 3
    assert keys.signing_key().public_key() == public
    with acting(SYSTEM):
        assert set(rekey().values()) == {0}  # nothing is done twice


@pytest.mark.usefixtures("people")
def test_an_interrupted_run_is_taken_up_again(settings: Settings) -> None:
    _new_secret(settings)
    with acting(SYSTEM):
        last = Person.objects.order_by("-pk").first()
        assert last is not None
        whole, broken = last.identity_cipher, "gAAAA" + last.identity_cipher[5:-8] + "AAAAAAA="
        Person.objects.filter(pk=last.pk).update(identity_cipher=broken)
        with pytest.raises(InvalidToken):
            rekey(batch=1)
        Person.objects.filter(pk=last.pk).update(identity_cipher=whole)
        assert rekey(batch=1)["people"] == 1


def test_a_groups_secret_is_written_anew(settings: Settings, zone: Zone) -> None:
    robot = notices.add_robot(
        actor=SYSTEM, unit=zone.zone, kind="feishu", name="x", address="https://a/", secret="示例"
    )
    _new_secret(settings)
    assert rekey()["group secrets"] == 1
    settings.SECRET_KEY_FALLBACKS = []
    robot.refresh_from_db()
    assert notices.SECRETS.opened(robot.secret) == "示例"
