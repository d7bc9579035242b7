"""Write the poster as HTML that survives e-mail programs: tables and inline styles, nothing to be loaded."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_FONT = "font-family:Segoe UI,Roboto,Helvetica,Arial,sans-serif"
_GOLD, _WARM, _SOFT, _LINE = "#a67a12", "#f6e3d4", "#655f55", "#e6e0d5"
_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title></head>'
    '<body style="margin:0;padding:24px;background:#ffffff;color:#23211d;{font};font-size:15px;line-height:1.45">'
    '<p style="margin:0;color:{soft};font-size:13px">{business}</p>'
    '<h1 style="margin:2px 0 4px;font-size:26px;line-height:1.25;color:{accent}">{title}</h1>'
    '<p style="margin:0 0 18px;color:{soft};font-size:13px">{period} · {version}</p>{columns}'
    '<p style="margin:18px 0 0;color:{soft};font-size:12px;max-width:680px">{note}</p></body></html>'
)
_COLUMN = (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" '
    'style="max-width:680px;margin:0 0 14px;border-top:3px solid {accent}"><tr><td style="padding:8px 0 4px">'
    '<h2 style="margin:0;font-size:17px">{above}{title}</h2>{thinks}</td></tr>{cells}</table>'
)
_CELL = (
    '<tr><td style="padding:4px 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" '
    'style="border:1px {stroke};border-radius:8px"><tr><td style="padding:10px 12px">'
    '<h3 style="margin:0;font-size:15px">{title}</h3>{beside}{facts}{ways}{initiatives}</td></tr>{pains}</table>'
    "</td></tr>"
)


def html(data: Mapping[str, Any]) -> str:
    """Return the poster as one page."""
    columns = [_column(one, data) for one in data["columns"]]
    return str(
        format_html(
            _PAGE,
            language=data["language"],
            title=data["title"],
            business=data["business"],
            period=data["period"],
            version=data["version"],
            note=data["note"],
            accent=data["accent"],
            columns=_joined(columns),
            font=_FONT,
            soft=_SOFT,
        )
    )


def _column(column: Mapping[str, Any], data: Mapping[str, Any]) -> SafeString:
    return format_html(
        _COLUMN,
        accent=data["accent"],
        title=column["title"],
        above=_small(column["above"], " · "),
        thinks=_line(column["thinks"]),
        cells=_joined([_cell(one, data) for one in column["cells"]]),
    )


def _cell(cell: Mapping[str, Any], data: Mapping[str, Any]) -> SafeString:
    colour = _GOLD if cell["truth"] else _LINE
    beside = " · ".join(
        part
        for part in (
            cell["channel"],
            "" if cell["ours"] else data["others"],
            data["truth"] if cell["truth"] else "",
        )
        if part
    )
    return format_html(
        _CELL,
        stroke=f"{'solid' if cell['ours'] else 'dashed'} {colour}",
        title=cell["title"],
        beside=_line(beside),
        facts=_joined([_fact(name, value) for name, value in cell["facts"]]),
        ways=_joined([_way(one, data["accent"]) for one in cell["ways"]]),
        initiatives=_joined([_line(one) for one in cell["initiatives"]]),
        pains=_joined([_pain(name, says) for name, says in cell["pains"]]),
    )


def _fact(name: str, value: str) -> SafeString:
    return format_html('<p style="margin:2px 0 0">{}: <b>{}</b></p>', name, value)


def _way(way: Mapping[str, Any], accent: str) -> SafeString:
    more = " ".join(part for part in (way["within"], f"· {way['usually']}" if way["usually"] else "") if part)
    return format_html(
        '<p style="margin:4px 0 0;padding-left:10px;border-left:3px solid {};font-size:13px;color:{}">'
        '<b style="color:#23211d">{}</b> {} {} {}</p>',
        accent,
        _SOFT,
        way["share"],
        way["range"],
        way["target"],
        more,
    )


def _pain(name: str, says: str) -> SafeString:
    return format_html(
        '<tr><td style="padding:6px 12px;background:{};font-size:13px"><b>{}</b>{}</td></tr>',
        _WARM,
        name,
        f" · {says}" if says else "",
    )


def _line(text: str) -> SafeString | str:
    return format_html('<p style="margin:0;color:{};font-size:13px">{}</p>', _SOFT, text) if text else ""


def _small(text: str, after: str) -> SafeString | str:
    return format_html('<span style="color:{};font-weight:400">{}{}</span>', _SOFT, text, after) if text else ""


def _joined(parts: Sequence[SafeString | str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
