"""Take in what other systems export: look at a file, say what it means, and write it into the log exactly once."""

from stammkunde.events.imports.claims import Lost, NotFree, claim, is_alive
from stammkunde.events.imports.columns import Column
from stammkunde.events.imports.creating import create, resume, stop
from stammkunde.events.imports.looking import Look, look
from stammkunde.events.imports.presets import PRESETS, Preset
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.running import Result, check, rehearse, result_of, run
from stammkunde.events.imports.undoing import Loss, NotUndoable, loss
from stammkunde.events.imports.undoing import ask as ask_undo
from stammkunde.events.imports.undoing import refusal as undo_refusal
from stammkunde.events.imports.vocabulary import FIELDS

__all__ = [
    "FIELDS",
    "PRESETS",
    "Column",
    "Look",
    "Loss",
    "Lost",
    "NotFree",
    "NotUndoable",
    "Preset",
    "Refused",
    "Result",
    "ask_undo",
    "check",
    "claim",
    "create",
    "is_alive",
    "look",
    "loss",
    "rehearse",
    "result_of",
    "resume",
    "run",
    "stop",
    "undo_refusal",
]
