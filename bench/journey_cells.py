"""Ask for the cells of a map one by one, as a program without a common pass would: one query for each."""

from collections.abc import Mapping

from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.marks import marked
from stammkunde.conditions.plan_rows import Bindable
from stammkunde.conditions.tree import Nth, Selector
from stammkunde.journeys.document import Journey, Silence, Touchpoint
from stammkunde.metrics import Mirror

Cell = tuple[int, int, int, tuple[tuple[int, int, int], ...]]
_LENGTHS = {"hour": 3_600_000_000, "day": 86_400_000_000, "week": 604_800_000_000}


class OneByOne:
    """Writes queries for touchpoints; a day is 24 hours here, which favours this side.

    `whole` asks for everything that a cell shows; without it the time to the next touchpoint is left out, for which
    each query has to look at all other signals too.
    """

    def __init__(self, mirror: Mirror, journey: Journey, start: int, end: int, *, whole: bool) -> None:
        self._mirror, self._journey, self._start, self._end, self._whole = mirror, journey, start, end, whole

    def cell(self, touchpoint: Touchpoint) -> Cell:
        """Return customers, events and revenue of a cell, and for each of its paths entered, matured and moved on."""
        found = touchpoint.signal.found
        assert found is not None
        parameters: dict[str, Bindable] = {}
        here = self._rows(found, "a", parameters)
        paths = [path for path in self._journey.paths if path.start == touchpoint.id]
        tables = [f"a AS MATERIALIZED ({here})"]
        tables.append(
            f'entry AS (SELECT customer, min("at") AS e FROM a WHERE "at" >= {self._start} AND "at" < {self._end} '
            "GROUP BY customer)"
        )
        columns = [
            f'(SELECT count(DISTINCT customer) FROM a WHERE "at" >= {self._start} AND "at" < {self._end})',
            f'(SELECT count(*) FROM a WHERE "at" >= {self._start} AND "at" < {self._end})',
            f'(SELECT coalesce(sum(value), 0) FROM a WHERE "at" >= {self._start} AND "at" < {self._end})',
        ]
        for number, path in enumerate(paths):
            to = self._journey.touchpoint(path.end).signal.found
            assert to is not None
            tables.append(f"b{number} AS ({self._rows(to, f'b{number}', parameters)})")
            tables.append(
                f'moved{number} AS (SELECT entry.customer, e, min("at") AS t FROM entry LEFT JOIN b{number} ON '
                f"b{number}.customer = entry.customer AND b{number}.at > e GROUP BY entry.customer, e)"
            )
            until = f"e + {_length(path.within)}" if path.within else f"{self._end}"
            columns += [
                f"(SELECT count(*) FROM moved{number})",
                f"(SELECT count(*) FROM moved{number} WHERE {until} <= {self._end})",
                f"(SELECT count(*) FROM moved{number} WHERE {until} <= {self._end} AND t <= {until})",
                f"(SELECT median(t - e) FROM moved{number} WHERE {until} <= {self._end} AND t <= {until})",
            ]
        if self._whole:
            others = " UNION ALL ".join(
                f'SELECT customer, "at" FROM ({self._rows(one.signal.found, f"o{number}", parameters)}) AS o{number}'
                for number, one in enumerate(self._journey.touchpoints)
                if one.id != touchpoint.id and one.signal.found is not None
            )
            tables.append(f"others AS ({others})")
            tables.append(
                'next AS (SELECT entry.customer, e, min(others."at") AS t FROM entry JOIN others ON '
                'others.customer = entry.customer AND others."at" > e GROUP BY entry.customer, e)'
            )
            columns.append("(SELECT median(t - e) FROM next)")
        month = f'"at" // {30 * _LENGTHS["day"]}'
        months = f"(SELECT list(n) FROM (SELECT count(DISTINCT customer) AS n FROM a GROUP BY {month}))"
        [row] = self._mirror.sql(f"WITH {', '.join(tables)} SELECT {', '.join([*columns, months])}", **parameters)
        told = tuple(tuple(row[3 + 4 * number : 6 + 4 * number]) for number in range(len(paths)))
        return row[0], row[1], row[2], told  # type: ignore[return-value]

    def _rows(self, found: Selector | Silence, name: str, parameters: dict[str, Bindable]) -> str:
        if isinstance(found, Silence):
            first, missing = (
                self._rows(one, f"{name}{n}", parameters) for n, one in enumerate((found.first, found.missing))
            )
            length = _length(found.length)
            after = 'PARTITION BY customer ORDER BY "at" RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING'
            return (
                f'SELECT customer, "at" + {length} AS "at", 0 AS value FROM '
                f'(SELECT *, min(CASE WHEN b THEN "at" END) OVER ({after}) AS n FROM '
                f"(SELECT *, FALSE AS b FROM ({first}) AS f UNION ALL SELECT *, TRUE FROM ({missing}) AS m) AS u) AS w "
                f'WHERE NOT b AND coalesce(n > "at" + {length}, TRUE)'
            )
        marks = marked([found.events if isinstance(found, Nth) else found])
        sql = _renamed(marks.sql, marks.parameters, name, parameters)
        if isinstance(found, Nth):
            place = 'row_number() OVER (PARTITION BY customer ORDER BY "at", id)'
            return (
                f'SELECT customer, "at", value FROM (SELECT *, {place} AS n FROM ({sql}) AS o) AS p WHERE n = {found.n}'
            )
        return f'SELECT customer, "at", value FROM ({sql}) AS rows'


def _renamed(sql: str, values: Mapping[str, Bindable], name: str, parameters: dict[str, Bindable]) -> str:
    for old in sorted(values, key=len, reverse=True):
        sql = sql.replace(f"${old}", f"${name}_{old[1:]}_")
        parameters[f"{name}_{old[1:]}_"] = values[old]
    return sql


def _length(duration: Duration) -> int:
    days = {"month": 30, "year": 365}
    if duration.unit in days:
        return duration.amount * days[duration.unit] * _LENGTHS["day"]
    return duration.amount * _LENGTHS[duration.unit]
