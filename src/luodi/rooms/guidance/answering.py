"""Going through a guide without being remembered: the answers travel in the page's own form.

They are in no address, no cookie, no session, no table and no log. The form's state names the edition
that one began with, and is signed, so that a page of former days is told from one that was made up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from luodi.ground.scope.api import one_more
from luodi.lib.errors import UserError
from luodi.lib.neighbours import sender_of
from luodi.rooms.guidance.document import UNKNOWN, Document
from luodi.rooms.guidance.evaluating import Answers, answers_of, as_raw, value_of

SALT = "luodi.guidance"
PINNED_SECONDS = 24 * 3600  # how long a form goes on with the edition it began with
SECONDS = 600
PER_ADDRESS = 600  # answers in so many seconds: a hall, a factory may come from one address


class TooOften(UserError):
    """More questions than people answer."""

    status = 429


def admit(request: HttpRequest) -> None:
    """Counts one more answer of an address. Raises TooOften."""
    sender = sender_of(request.META.get("REMOTE_ADDR", ""))
    mark = hashlib.sha256(sender.encode()).hexdigest()[:32]
    if one_more(f"guidance:{mark}", SECONDS) > PER_ADDRESS:
        raise TooOften(_("操作太频繁，请十分钟后再试。急事请直接打电话。"))


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody is in a guide: with which edition they began, and what they have answered, in
    the order of answering."""

    edition: int
    answers: Mapping[str, Any]

    def sealed(self) -> str:
        return signing.dumps([self.edition, dict(self.answers)], salt=SALT, compress=True)


def opened(text: str) -> State | None:
    """The state of a form; None where it is too old, or none of ours."""
    try:
        edition, answers = signing.loads(text, salt=SALT, max_age=PINNED_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return State(edition, answers)


def answers_in(document: Document, state: State) -> Answers:
    """The answers as the rules take them; those that the edition does not know are dropped."""
    known = {key: raw for key, raw in state.answers.items() if document.question(key)}
    return answers_of(document, known)


def answered(document: Document, state: State, posted: QueryDict) -> State:
    """The state after what was posted. Raises UserError for what is no answer.

    `back` takes the last answer away, `change` one that is named; `q` names the question answered.
    """
    answers = dict(state.answers)
    if "back" in posted:
        answers.pop(next(reversed(answers)), None) if answers else None
        return State(state.edition, answers)
    if posted.get("change"):
        return state
    question = document.question(posted.get("q", ""))
    if question is None:
        return state
    raw: Any = posted.get("a", "")
    if "unknown" in posted:
        raw = UNKNOWN
    elif question.kind == "several":
        raw = posted.getlist("a")
    answers.pop(question.key, None)
    answers[question.key] = as_raw(value_of(question, raw))
    return State(state.edition, answers)
