"""What anybody wrote is shown as written: on no page is it markup, a template or a way out of one."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from luodi.ground.scope.api import SYSTEM, acting
from luodi.manifest import brought
from tests.addresses import address, patterns
from tests.world import World

MARK = "<i>x</i>\"'{{7*7}}{%now%}/"
WRITTEN = (
    *("name", "name_en", "short_name", "title", "text", "label", "label_en", "description"),
    *("unit_label", "date_label", "definition", "measure", "document", "source", "reason"),
    *("result", "answer", "reporter_name", "value", "purpose"),
)


def mark_everything() -> int:
    """Adds the mark to every text that somebody wrote; how many there were."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, coalesce(character_maximum_length, 10000)"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying') AND column_name = ANY(%s)"
            " AND has_table_privilege(table_name, 'UPDATE') AND table_name ~ %s",
            [list(WRITTEN), f"^({'|'.join(config.label for config, _ in brought())})_"],
        )
        marked = 0
        for table, column, most in cursor.fetchall():
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = left("{column}" || %s, {most})'
                f" WHERE \"{column}\" <> ''",
                [MARK],
            )
            marked += cursor.rowcount
    return marked


@pytest.mark.parametrize("role", ["office", "liaison", "security_admin"])
def test_what_was_written_stays_text(world: World, role: str) -> None:
    with world.tried():
        assert mark_everything() > 200
        shown = 0
        for name, lists in patterns().items():
            for arguments in lists:
                url = address(name, arguments, world.inside)
                with transaction.atomic():
                    answer = world.clients[role].get(url)
                assert answer.status_code < 500, url
                if answer["Content-Type"].startswith("text/html"):
                    page = answer.content.decode()
                    assert "<i>x</i>" not in page and "x49{" not in page, url
                    shown += "&lt;i&gt;x&lt;/i&gt;" in page
        assert shown > 20
