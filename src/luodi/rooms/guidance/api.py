"""What other rooms may use of guidance."""

from luodi.rooms.guidance.document import Document
from luodi.rooms.guidance.evaluating import Evaluation, answers_of, evaluate
from luodi.rooms.guidance.models import Edition, Guide
from luodi.rooms.guidance.published import Published, current, of_key
from luodi.rooms.guidance.verbs import (
    discard_draft,
    draft_of,
    install,
    newest,
    publish_draft,
    review_guide,
    save_document,
    save_texts,
    withdraw_edition,
)

__all__ = [
    "Document",
    "Edition",
    "Evaluation",
    "Guide",
    "Published",
    "answers_of",
    "current",
    "discard_draft",
    "draft_of",
    "evaluate",
    "install",
    "newest",
    "of_key",
    "publish_draft",
    "review_guide",
    "save_document",
    "save_texts",
    "withdraw_edition",
]
