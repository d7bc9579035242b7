"""Print a map as a poster: PDF in A3, SVG, PNG or HTML for an e-mail, with or without figures."""

import json
from datetime import timedelta
from importlib.resources import files
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.utils.translation import override

from stammkunde.accounts.models import Business
from stammkunde.conditions.kinds import Language
from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.phrases import lasting
from stammkunde.insights.journey_channels import CHANNELS
from stammkunde.insights.journey_poster_html import html
from stammkunde.insights.journey_values import Cell, JourneyFigures, PathFigure
from stammkunde.journeys.document import Journey, Pain, Phase, Touchpoint
from stammkunde.kernel.colours import hexadecimal, parsed, readable
from stammkunde.kernel.errors import WrongInput

Form = Literal["pdf", "svg", "png", "html"]
FORMS: tuple[Form, ...] = ("pdf", "svg", "png", "html")
USUAL_ACCENT = "#0f6b5c"
_PAPER = (255, 255, 255)
_LOCALES = {"de": Locale("de", "DE"), "en": Locale("en", "GB")}
_COLUMNS, _ROOM = 8, 9
_PIXELS_PER_INCH = 150.0
_NARROW = "\u202f"


class NoSuchForm(WrongInput):
    """A poster is a pdf, svg, png or html file."""


def poster(
    journey: Journey,
    figures: JourneyFigures | None,
    *,
    form: str,
    language: Language,
    accent: str = "",
    business: str = "",
    currency: str | None = None,
) -> bytes:
    """Return the poster of a map; without figures it shows what is planned."""
    if form not in FORMS:
        raise NoSuchForm(str(NoSuchForm.__doc__))
    money = Business.current().currency if currency is None else currency
    with override(language):
        data = content(journey, figures, language=language, accent=accent, business=business, currency=money)
    if form == "html":
        return html(data).encode()
    return _drawn(data, "svg" if form == "svg" else "png" if form == "png" else "pdf")


def content(
    journey: Journey, figures: JourneyFigures | None, *, language: Language, accent: str, business: str, currency: str
) -> dict[str, Any]:
    """Return everything the poster says, as plain texts."""
    say = _Words(language, currency)
    columns = [_column(phase, journey, figures, say) for phase in journey.phases if phase.touchpoints]
    most = max((len(column["cells"]) for column in columns), default=0)
    return {
        "language": language,
        "title": journey.label.in_language(language),
        "business": business,
        "period": say.period(figures) if figures else say.either("was geplant ist", "what is planned"),
        "version": say.either(f"Fassung {journey.version}", f"version {journey.version}"),
        "accent": hexadecimal(readable(parsed(accent or USUAL_ACCENT), on=_PAPER)),
        "columns": columns,
        "across": max(1, min(len(columns), _COLUMNS)),
        "tall": most > _ROOM or len(columns) > _COLUMNS,
        "truth": say.either("Moment der Wahrheit", "moment of truth"),
        "others": say.either("nicht in unserer Hand", "not in our hands"),
        "note": say.note() if figures else "",
    }


def _drawn(data: dict[str, Any], form: Literal["pdf", "svg", "png"]) -> bytes:
    import typst

    text = (files("stammkunde.insights") / "journey_poster.typ").read_bytes()
    values = {"data": json.dumps(data | {"pages": form == "pdf"})}
    return typst.compile(text, format=form, sys_inputs=values, ppi=_PIXELS_PER_INCH)


class _Words:
    """Write numbers and times in one language."""

    def __init__(self, language: Language, currency: str) -> None:
        self.language, self.currency = language, currency
        self.locale = _LOCALES[language]

    def either(self, german: str, english: str) -> str:
        return german if self.language == "de" else english

    def number(self, value: float, digits: int = 0) -> str:
        return str(format_decimal(value, format="#,##0" + ("." + "0" * digits if digits else ""), locale=self.locale))

    def percent(self, share: float) -> str:
        return f"{self._hundredths(share)}{_NARROW}%"

    def range(self, low: float, high: float) -> str:
        digits = 0 if high - low >= 0.01 else 1
        return f"{self.number(low * 100, digits)}–{self.number(high * 100, digits)}{_NARROW}%"

    def money(self, e4: int) -> str:
        if not self.currency:
            return self.number(e4 / 10_000)
        return str(
            format_currency(round(e4 / 10_000), self.currency, "#,##0\xa0¤", locale=self.locale, currency_digits=False)
        )

    def days(self, days: float) -> str:
        hours = timedelta(days=days) / timedelta(hours=1)
        if hours < 1.5:
            minutes = max(round(hours * 60), 1)
            return self.either(f"{minutes} Min.", f"{minutes} min")
        if hours < 36:
            return self.either(f"{round(hours)} Std.", f"{round(hours)} h")
        whole = round(days)
        return self.either("1 Tag" if whole == 1 else f"{self.number(whole)} Tagen", f"{self.number(whole)} days")

    def within(self, length: Duration | None) -> str:
        if length is None:
            return ""
        return self.either("innerhalb von ", "within ") + lasting(length, self.language)

    def period(self, figures: JourneyFigures) -> str:
        first, last = (
            format_date(day, "long", locale=self.locale) for day in (figures.start, figures.end - timedelta(days=1))
        )
        return self.either(f"{first} bis {last}", f"{first} to {last}")

    def note(self) -> str:
        return self.either(
            "Menschen: verschiedene Kundinnen und Kunden mit mindestens einem passenden Ereignis im Zeitraum. Weiter: "
            "Anteil derer, die danach und rechtzeitig am nächsten Ort ankamen, in Klammern der Bereich, in dem er "
            "sicher liegt; wer noch unterwegs ist, wird nach Kaplan–Meier geschätzt.",
            "Customers: different customers with at least one matching event in the period. Move on: the share of "
            "those who reached the next place afterwards and in time, in brackets the range in which it surely lies; "
            "those still under way are estimated after Kaplan–Meier.",
        )

    def _hundredths(self, share: float) -> str:
        value = share * 100
        return self.number(value, 0 if abs(value) >= 9.95 or value == 0 else 1)


def _column(phase: Phase, journey: Journey, figures: JourneyFigures | None, say: _Words) -> dict[str, Any]:
    above = next((one for one in journey.phases if one.id == phase.parent), None)
    thinks = phase.note or next((one.thinks for one in phase.touchpoints if one.thinks), "")
    return {
        "title": phase.label.in_language(say.language),
        "above": above.label.in_language(say.language) if above else "",
        "thinks": say.either(f"„{thinks}“", f"“{thinks}”") if thinks else "",
        "cells": [_cell(one, journey, figures, say) for one in phase.touchpoints],
    }


def _cell(touchpoint: Touchpoint, journey: Journey, figures: JourneyFigures | None, say: _Words) -> dict[str, Any]:
    figure = figures.cells.get(touchpoint.id) if figures else None
    known = {one.id: one.label.in_language(say.language) for one in journey.initiatives}
    return {
        "title": touchpoint.label.in_language(say.language),
        "channel": str(CHANNELS.get(touchpoint.channel, touchpoint.channel)),
        "truth": touchpoint.moment_of_truth,
        "ours": touchpoint.owned_by == "brand",
        "facts": _facts(figure, say) if figure else [],
        "pains": [_pain(one, figure, say) for one in touchpoint.pains if one.status != "solved"][:3],
        "initiatives": [known.get(name, name) for name in touchpoint.initiatives],
        "ways": [
            _way(one.start, one.end, journey, figures, say) for one in journey.paths if one.start == touchpoint.id
        ],
    }


def _facts(figure: Cell, say: _Words) -> list[list[str]]:
    people = say.either("Menschen", "Customers")
    if figure.customers is None or figure.unknown:
        return [[people, say.either("unbekannt", "unknown")]]
    facts = [[people, say.number(figure.customers)]]
    if figure.revenue is not None:
        facts.append([say.either("Umsatz", "Revenue"), say.money(figure.revenue)])
    if figure.feeling is not None and figure.feeling.mean is not None:
        felt = f"{say.number(figure.feeling.mean, 1)} (n {say.number(figure.feeling.n)})"
        facts.append([say.either("Gefühl", "Feeling"), felt])
    return facts


def _pain(pain: Pain, figure: Cell | None, say: _Words) -> list[str]:
    counted = next((one for one in figure.pains if one.pain == pain.id), None) if figure else None
    if counted is None or counted.customers is None:
        return [pain.label.in_language(say.language), ""]
    many = say.number(counted.customers)
    return [pain.label.in_language(say.language), say.either(f"{many} Menschen", f"{many} customers")]


def _way(start: str, end: str, journey: Journey, figures: JourneyFigures | None, say: _Words) -> dict[str, Any]:
    path = next(one for one in journey.paths if (one.start, one.end) == (start, end))
    target = next((one for one in journey.touchpoints if one.id == end), None)
    figure = _path_figure(figures, start, end)
    name = target.label.in_language(say.language) if target else end
    back = say.either("kommen wieder hierher", "come back here")
    way: dict[str, Any] = {
        "target": back if start == end else say.either(f"weiter zu {name}", f"move on to {name}"),
        "within": say.within(path.within),
        "share": "",
        "range": "",
        "part": 0.0,
        "usually": "",
    }
    if figure is None or figure.share is None:
        return way
    usually = say.days(figure.median_days) if figure.median_days is not None else ""
    return way | {
        "share": say.percent(figure.share),
        "range": f"({say.range(*figure.interval)})" if figure.interval else "",
        "part": round(figure.share, 4),
        "usually": say.either(f"meist nach {usually}", f"usually after {usually}") if usually else "",
    }


def _path_figure(figures: JourneyFigures | None, start: str, end: str) -> PathFigure | None:
    if figures is None:
        return None
    return next((one for one in figures.paths if (one.start, one.end) == (start, end)), None)
