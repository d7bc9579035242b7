"""Show who the customers are: searched, filtered, sorted, and to take away as a file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from stammkunde.accounts import audit
from stammkunde.accounts.access import person
from stammkunde.accounts.models import Business
from stammkunde.accounts.permissions import may_open
from stammkunde.insights import register
from stammkunde.insights.register import Row, Sort, SortKey
from stammkunde.insights.standing import QUERY, STANDINGS, Standing
from stammkunde.kernel import clock
from stammkunde.kernel.money import from_e4
from stammkunde.workspace.customer_filters import Choice, CustomerFilterForm
from stammkunde.workspace.customer_words import (
    SORT_TITLES,
    STANDING_MEANINGS,
    STANDING_TITLES,
    group_title,
    row_name,
)
from stammkunde.workspace.downloads import Cell, written
from stammkunde.workspace.formatting import number
from stammkunde.workspace.pictures.parts import Part, draw_parts

_FLUSH_ROWS = 500
_HEADER = (
    "id", "customer_number", "name", "email", "city", "orders", "revenue", "first_order", "last_order", "standing",
    "rfm_group",
)  # fmt: skip


@dataclass(frozen=True)
class RowView:
    """One customer as the list prints her."""

    row: Row
    name: str
    beside: str
    standing: str
    group: str


@dataclass(frozen=True)
class Heading:
    """The heading of one column: the link that sorts by it, and how the list is sorted now."""

    title: str
    url: str
    sorted: str


@dataclass(frozen=True)
class Tab:
    """One standing to choose, with how many customers it holds."""

    title: str
    meaning: str
    url: str
    count: int
    kind: str
    current: bool


def customers(request: HttpRequest) -> HttpResponse:
    """Answer with one page of the list."""
    user = person(request)
    personal, may_export = user.may("see_addresses"), may_open(user.role, "customers-export", "GET")
    form = CustomerFilterForm(request.GET.dict(), personal=personal)
    choice = form.choice(register.as_of())
    page = register.page(
        choice.search, filters=choice.filters, sort=choice.sort, number=_page_number(request), personal=personal
    )
    counts = register.standing_counts()
    everybody = sum(counts.values())
    context = {
        "form": form,
        "personal": personal,
        "sentence": _sentence(counts, page.total, choice),
        "rows": [_row_view(row) for row in page.rows],
        "name_heading": _heading(request, "name", choice.sort) if personal else None,
        "headings": [_heading(request, key, choice.sort) for key in SORT_TITLES if key != "name"],
        "currency": Business.current().currency,
        "tabs": _tabs(request, counts, choice),
        "picture": _picture(counts) if everybody else "",
        "page": _pager(page.total, page.number),
        "as_of": page.as_of,
        "anonymous": page.as_of is not None and not everybody,
        "query": QUERY,
        "export": _address(request, reverse("customers-export"), page=None) if may_export else "",
    }
    template = "workspace/customers_empty.html" if not everybody else "workspace/customers.html"
    return render(request, template, context)


def customers_export(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the whole list as it is filtered and sorted, and remember who took it."""
    user = person(request)
    personal = user.may("see_addresses")
    choice = CustomerFilterForm(request.GET.dict(), personal=personal).choice(register.as_of())
    asked: dict[str, audit.Json] = {name: str(value) for name, value in request.GET.items() if value and name != "page"}
    audit.note("customers.exported", by=user, detail=asked, now=clock.now())
    rows = register.each(choice.search, filters=choice.filters, sort=choice.sort, personal=personal)
    german = (get_language() or "de").startswith("de")
    return StreamingHttpResponse(
        _lines(rows, german=german),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="stammkunde-customers.csv"'},
    )


def _lines(rows: Iterator[Row], *, german: bool) -> Iterator[str]:
    """Write the file piece by piece; texts that a spreadsheet would run are defused."""
    out = StringIO("\ufeff")
    out.seek(1)
    writer = csv.writer(out, delimiter=";" if german else ",")
    writer.writerow(_HEADER)
    for count, row in enumerate(rows, 1):
        writer.writerow([written(cell, german=german) for cell in _cells(row)])
        if count % _FLUSH_ROWS == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cells(row: Row) -> Sequence[Cell]:
    return (
        row.id, row.number, row.name, row.email, row.city, row.orders, from_e4(row.value).normalize(), row.first_day,
        row.last_day, row.standing, row.group,
    )  # fmt: skip


def _sentence(counts: dict[Standing, int], found: int, choice: Choice) -> SafeString:
    everybody = sum(counts.values())
    if choice.asked:
        template = gettext("<b>{found} of {everybody} customers</b>: {asked}")
        return format_html(template, found=number(found), everybody=number(everybody), asked=choice.asked)
    whole = format_html(
        ngettext("<b>{count} customer</b>.", "<b>{count} customers</b>.", everybody), count=number(everybody)
    )
    if not counts["silent"]:
        return whole
    silent = ngettext(
        "<em>{count}</em> who used to come again has been silent for longer than usual.",
        "<em>{count}</em> who used to come again have been silent for longer than usual.",
        counts["silent"],
    )
    return format_html("{} {}", whole, format_html(silent, count=number(counts["silent"])))


def _row_view(row: Row) -> RowView:
    name = row_name(row)
    known_as = [part for part in (row.number if row.name else "", row.city, row.email) if part]
    return RowView(
        row=row,
        name=name,
        beside=" · ".join(known_as),
        standing=str(STANDING_TITLES[row.standing]),
        group=group_title(row.group),
    )


def _heading(request: HttpRequest, key: SortKey, sort: Sort) -> Heading:
    here = sort.key == key
    turned = Sort(key, descending=not sort.descending if here else key != "name")
    return Heading(
        title=str(SORT_TITLES[key]),
        url=_address(request, request.path, sort=str(turned), page=None),
        sorted=("descending" if sort.descending else "ascending") if here else "",
    )


def _tabs(request: HttpRequest, counts: dict[Standing, int], choice: Choice) -> list[Tab]:
    everybody = Tab(
        title=gettext("All"),
        meaning="",
        url=_address(request, request.path, standing=None, page=None),
        count=sum(counts.values()),
        kind="",
        current=choice.filters.standing is None,
    )
    return [everybody, *(_tab(request, standing, counts[standing], choice) for standing in STANDINGS)]


def _tab(request: HttpRequest, standing: Standing, count: int, choice: Choice) -> Tab:
    return Tab(
        title=str(STANDING_TITLES[standing]),
        meaning=str(STANDING_MEANINGS[standing]),
        url=_address(request, request.path, standing=standing, page=None),
        count=count,
        kind=standing,
        current=choice.filters.standing == standing,
    )


def _picture(counts: dict[Standing, int]) -> SafeString:
    parts = [
        Part(standing, str(STANDING_TITLES[standing]), counts[standing], number(counts[standing]))
        for standing in STANDINGS
    ]
    return draw_parts(parts, title=gettext("Where your customers stand"))


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


def _pager(total: int, number: int) -> Page[int]:
    return Paginator(range(total), register.PAGE_SIZE).page(number)


def _address(request: HttpRequest, path: str, **changes: str | None) -> str:
    """Return the present question with some of its words changed (None: left out)."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{path}?{query.urlencode()}" if query else path
