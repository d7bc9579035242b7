"""The check-up for programs: all questions, or one."""

from django.http import HttpRequest
from ninja import Router

from stammkunde.insights import documents
from stammkunde.insights.checkup import progress, running
from stammkunde.insights.checkup.documents import checkup_document, question_document
from stammkunde.insights.checkup.questions import find
from stammkunde.kernel import clock

router = Router()


@router.get("", url_name="checkup", summary="All questions of the check-up, and how it went")
def get_checkup(request: HttpRequest) -> documents.Document:
    """Return where each question stands now, and the days on which that changed."""
    return checkup_document(running.run(now=clock.now()), progress.told())


@router.get("/{name}", url_name="checkup-question", summary="One question of the check-up")
def get_question(request: HttpRequest, name: str) -> documents.Document:
    """Return one question with its figures, its query and what is missing."""
    return question_document(running.run(now=clock.now()).of(find(name).id))
