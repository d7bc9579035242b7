"""Show who the best customers are, who is about to go, and what to do with each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from stammkunde.insights import figures
from stammkunde.kernel import clock
from stammkunde.metrics import RFM, rfm_query
from stammkunde.metrics.rfm_scores import BINS, GroupRow
from stammkunde.workspace.downloads import Cell, download
from stammkunde.workspace.formatting import money, number, percent
from stammkunde.workspace.narrowing import narrowing
from stammkunde.workspace.pictures.shares import Pair, draw_pairs
from stammkunde.workspace.rfm_choice import RFMChoice, RFMForm, rfm_choice
from stammkunde.workspace.rfm_limits import limit_rows
from stammkunde.workspace.words import say

ENOUGH = 25
GONE_QUIET = ("at_risk", "cannot_lose")
_SHADES = 20


@dataclass(frozen=True)
class GroupView:
    """One group as the page prints it."""

    row: GroupRow
    title: str
    advice: str


@dataclass(frozen=True)
class GridCell:
    """The customers with one pair of scores: how many, and how strongly the cell is shaded."""

    text: str
    style: str
    hint: str


def rfm(request: HttpRequest) -> HttpResponse:
    """Answer with the groups by recency, frequency and revenue."""
    mirror = figures.mirror()
    if mirror is None:
        return render(request, "workspace/rfm_empty.html")
    form = RFMForm(request.GET.dict())
    choice = rfm_choice(form)
    narrowed = narrowing(request.GET, now=clock.now())
    scored = figures.rfm(ties=choice.ties, thresholds=choice.thresholds, among=narrowed.among)
    if request.GET.get("format") == "csv":
        return _csv(scored)
    kept = {name: value for name, value in request.GET.items() if name in form.fields}
    context = _context(scored, choice, currency=mirror.currency or "")
    narrow: dict[str, object] = {"narrowed": narrowed, "narrowed_kept": kept}
    if narrowed.name:
        narrow |= {"few": False, "sentence": _sentence_within({row.name: row for row in scored.groups}, len(scored))}
    return render(request, "workspace/rfm.html", {**context, **narrow, **_form_context(request, form)})


def _context(scored: RFM, choice: RFMChoice, *, currency: str) -> dict[str, object]:
    groups = [GroupView(row, say(row.group.title), say(row.group.advice)) for row in scored.groups]
    return {
        "choice": choice,
        "currency": currency,
        "few": len(scored) < ENOUGH,
        "sentence": _sentence({row.name: row for row in scored.groups}, len(scored), currency),
        "groups": groups,
        "picture": _picture(groups),
        "grid": _grid(scored),
        "limits": limit_rows(scored.boundaries, currency=currency),
        "last_day": scored.as_of - timedelta(days=1) if scored.as_of else None,
        "source": gettext(
            "Recency, frequency, monetary value: Hughes (1994), Strategic Database Marketing; groups as usual in trade."
        ),
        "query": "" if choice.thresholds else rfm_query(ties=choice.ties),
    }


def _sentence(rows: Mapping[str, GroupRow], customers: int, currency: str) -> SafeString:
    best = rows["champions"]
    quiet = sum(rows[name].customers for name in GONE_QUIET)
    if not best.customers:
        return format_html(gettext("None of your {customers} customers stands out yet."), customers=number(customers))
    praised = format_html(
        ngettext(
            "<b>{customers} customer</b> ({share} of all) makes {revenue} of the revenue.",
            "<b>{customers} customers</b> ({share} of all) make {revenue} of the revenue.",
            best.customers,
        ),
        customers=number(best.customers),
        share=percent(best.share),
        revenue=percent(best.revenue_share),
    )
    if not quiet:
        return praised
    missed = format_html(
        ngettext(
            "<em>{customers}</em> who used to come regularly has gone quiet; she has brought {revenue} so far.",
            "<em>{customers}</em> who used to come regularly have gone quiet; they have brought {revenue} so far.",
            quiet,
        ),
        customers=number(quiet),
        revenue=money(sum(rows[name].revenue for name in GONE_QUIET), currency),
    )
    return format_html("{} {}", praised, missed)


def _sentence_within(rows: Mapping[str, GroupRow], customers: int) -> SafeString:
    best, quiet = rows["champions"].customers, sum(rows[name].customers for name in GONE_QUIET)
    said = gettext("Of <b>{customers}</b> members {best} are champions; <em>{quiet}</em> have gone quiet.")
    return format_html(said, customers=number(customers), best=number(best), quiet=number(quiet))


def _picture(groups: Sequence[GroupView]) -> SafeString:
    pairs = [
        Pair(
            group.title,
            group.row.share,
            group.row.revenue_share,
            f"{percent(group.row.share)} · {number(group.row.customers)}",
            percent(group.row.revenue_share),
        )
        for group in groups
    ]
    largest = max(groups, key=lambda group: group.row.revenue_share)
    description = gettext("Each group's share of the customers and of the revenue; most of it comes from: {group}.")
    return draw_pairs(
        pairs, title=gettext("Customers and revenue by group"), description=description.format(group=largest.title)
    )


def _grid(scored: RFM) -> list[tuple[int, list[GridCell]]]:
    """Count customers by recency score (rows, best first) and frequency score (columns)."""
    places = scored.r.astype(np.int64) * (BINS + 1) + scored.f
    counts = np.bincount(places, minlength=(BINS + 1) ** 2).reshape(BINS + 1, BINS + 1)
    most = int(counts.max()) or 1
    of_all = max(len(scored), 1)
    return [
        (r, [_cell(int(counts[r, f]), most=most, of_all=of_all) for f in range(1, BINS + 1)])
        for r in range(BINS, 0, -1)
    ]


def _cell(customers: int, *, most: int, of_all: int) -> GridCell:
    return GridCell(number(customers), f"heat-{round(customers / most * _SHADES)}", percent(customers / of_all))


def _form_context(request: HttpRequest, form: RFMForm) -> dict[str, object]:
    words = {
        "recency": (gettext("Recency in days"), gettext("At most so many days ago for the scores 5, 4, 3 and 2.")),
        "frequency": (gettext("Number of orders"), gettext("At least so many for the scores 2, 3, 4 and 5.")),
        "monetary": (gettext("Revenue"), gettext("At least so much for the scores 2, 3, 4 and 5.")),
    }
    scores = {"recency": (5, 4, 3, 2), "frequency": (2, 3, 4, 5), "monetary": (2, 3, 4, 5)}
    limits = [
        (*words[measure], list(zip(scores[measure], fields, strict=True))) for measure, fields in form.limits.items()
    ]
    return {"form": form, "limit_fields": limits, "csv_address": _csv_address(request)}


def _csv_address(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["format"] = "csv"
    return f"?{query.urlencode()}"


def _csv(scored: RFM) -> HttpResponse:
    header = ("group", "title", "customers", "share", "revenue", "revenue_share", "advice")
    rows: list[list[Cell]] = [
        [
            row.name,
            say(row.group.title),
            row.customers,
            row.share,
            row.revenue,
            row.revenue_share,
            say(row.group.advice),
        ]
        for row in scored.groups
    ]
    return download("stammkunde-rfm", header, rows)
