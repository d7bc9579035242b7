"""Say which attributes of events the mirror keeps, and spell that out for the columnar engine."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LINED = ("order.placed", "order.returned", "order.cancelled")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LINE = ", ".join(
    f'"{key}":"{kind}"'
    for key, kind in {
        "product": "VARCHAR",
        "category": "VARCHAR",
        "quantity": "DOUBLE",
        "unit_price": "DECIMAL(18,4)",
        "line_total": "DECIMAL(18,4)",
        "discount": "DECIMAL(18,4)",
    }.items()
)
_LINES = f'"lines":[{{{_LINE}}}]'


@dataclass(frozen=True)
class Kept:
    """Which attributes the mirror keeps: of kinds listed here, those listed; of all others, every single value.

    What is named in `never` is kept of no kind that is not listed. Lists and objects are kept of none; the lines of
    orders have a table of their own.
    """

    of_kind: Mapping[str, Iterable[str]] = field(default_factory=dict)
    never: frozenset[str] = frozenset()


EVERYTHING = Kept()


def extracted(kept: Kept, source: str) -> str:
    """Return the query that reads each row's JSON once: all of `source`, and the columns `lines` and `kept`."""
    groups = _groups(kept)
    structs = [
        f"CASE WHEN kind IN ({_texts(kinds)}) THEN "
        f"TRY(json_transform(attributes::VARCHAR, '{_shape(names, lined=lined)}')) END AS s{number}"
        for number, (names, lined, kinds) in enumerate(groups)
    ]
    known = _texts(kind for _, _, kinds in groups for kind in kinds)
    others = f"CASE WHEN kind NOT IN ({known}) THEN TRY(from_json(attributes::VARCHAR, '\"MAP(VARCHAR, JSON)\"')) END"
    lines = [f"s{number}.lines" for number, (_, lined, _) in enumerate(groups) if lined]
    kept_texts = [_text(f"s{number}", names) for number, (names, _, _) in enumerate(groups) if names]
    return (
        f"SELECT * EXCLUDE (others, {', '.join(f's{number}' for number in range(len(groups)))}), "
        f"coalesce({', '.join(lines)}) AS lines, nullif(coalesce({', '.join([*kept_texts, _scalars(kept)])}), '{{}}')"
        f" AS kept FROM (SELECT *, {', '.join(structs)}, {others} AS others FROM {source}) AS parsed"
    )


def _groups(kept: Kept) -> list[tuple[tuple[str, ...], bool, list[str]]]:
    """Return the kinds with the same attributes together; those with lines always have a group."""
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for kind in sorted({*kept.of_kind, *LINED}):
        names = tuple(sorted(name for name in kept.of_kind.get(kind, ()) if _NAME.fullmatch(name) and name != "lines"))
        groups.setdefault((names, kind in LINED), []).append(kind)
    return [(names, lined, kinds) for (names, lined), kinds in groups.items()]


def _shape(names: tuple[str, ...], *, lined: bool) -> str:
    return "{" + ", ".join([*([_LINES] if lined else []), *(f'"{name}":"JSON"' for name in names)]) + "}"


def _text(struct: str, names: tuple[str, ...]) -> str:
    """Write the attributes as JSON again; what is missing, null or no single value is left out."""
    parts = ", ".join(
        f"""'"{name}":' || CASE WHEN {_single(f"{struct}.{name}")} THEN {struct}.{name}::VARCHAR END"""
        for name in names
    )
    return f"CASE WHEN {struct} IS NOT NULL THEN '{{' || concat_ws(',', {parts}) || '}}' END"


def _scalars(kept: Kept) -> str:
    spared = f" AND lower(e.key) NOT IN ({_texts(kept.never)})" if kept.never else ""
    pairs = (
        "[to_json(e.key)::VARCHAR || ':' || e.value::VARCHAR FOR e IN map_entries(others) "
        f"IF {_single('e.value')} AND lower(e.key) <> 'lines'{spared}]"
    )
    return f"CASE WHEN others IS NOT NULL THEN '{{' || array_to_string({pairs}, ',') || '}}' END"


def _single(value: str) -> str:
    return f"left({value}::VARCHAR, 1) NOT IN ('[', '{{', 'n')"


def _texts(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
