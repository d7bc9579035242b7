"""Decide conditions straight from their definitions, slowly and with nothing borrowed from the product but the tree."""

import calendar
import statistics
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from time import strptime

from stammkunde.conditions import tree as t

MICRO = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LINED = {"order.placed", "order.returned", "order.cancelled"}
LINE = {"product", "category", "quantity", "unit_price", "line_total", "line_discount"}


class Oracle:
    def __init__(self, events, zone, segments=None):
        self.events = sorted(events, key=lambda e: (e.at, e.id))
        self.zone = zone
        self.segments = segments or {}

    # --- time: a wall clock that never goes back; what the calendar or clock lacks is the next that exists ---

    def change(self, moment):
        """The moment of the change of clocks in the few hours up to the given one."""
        low, high = moment - timedelta(hours=3), moment
        offset = high.astimezone(self.zone).utcoffset()
        while high - low > MICRO:
            middle = low + (high - low) // 2
            if middle.astimezone(self.zone).utcoffset() == offset:
                high = middle
            else:
                low = middle
        return high

    def wall(self, moment):
        local = moment.astimezone(self.zone)
        if not local.fold:
            return local.replace(tzinfo=None)
        change = self.change(moment)
        return (change - MICRO).astimezone(self.zone).replace(tzinfo=None, fold=0)

    def first_moment(self, wall):
        """The first moment at which the wall shows this or more."""
        guess = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        local = guess.astimezone(self.zone)
        if local.replace(tzinfo=None, fold=0) == wall:
            return guess
        return self.change(guess)

    def later(self, moment, duration):
        n, unit = duration.amount, duration.unit
        if unit in ("minute", "hour"):
            return moment + timedelta(**{unit + "s": n})
        wall = self.wall(moment)
        if unit in ("day", "week"):
            return self.first_moment(wall + timedelta(days=n * (7 if unit == "week" else 1)))
        months = wall.year * 12 + wall.month - 1 + n * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        if wall.day > calendar.monthrange(year, month + 1)[1]:
            year, month = divmod(months + 1, 12)
            return self.first_moment(datetime.combine(date(year, month + 1, 1), time()))
        return self.first_moment(wall.replace(year=year, month=month + 1))

    def day(self, moment):
        return moment.astimezone(self.zone).date()

    # --- which events ---

    def when(self, event):
        return EPOCH + event.at * MICRO

    def named(self, selector, now):
        if isinstance(selector, t.Nth):
            return self.named(selector.events, now)[selector.n - 1 : selector.n]
        found = []
        for event in self.events:
            if event.kind == selector.kind and self.when(event) <= now:
                lines = self.lines(event)
                fitting = [
                    line
                    for line in lines or [{}]
                    if selector.where is None or self.row(selector.where, event, line) is True
                ]
                if fitting:
                    found.append((event, fitting if lines else []))
        return found

    def lines(self, event):
        return list(event.attributes.get("lines") or []) if event.kind in LINED else []

    def chosen(self, node, now):
        return [pair for pair in self.named(node.selector, now) if self.in_window(pair[0], node.window, now)]

    def in_window(self, event, window, now):
        if isinstance(window, t.Last):
            return self.later(self.when(event), window.duration) > now
        if isinstance(window, t.Between):
            return window.first <= self.day(self.when(event)) <= window.last
        return True

    # --- values ---

    def attribute(self, event, name, line):
        if name == "value":
            return None if event.value is None else Fraction(event.value, 10_000)
        if event.kind in LINED and name in LINE:
            raw = line.get("discount" if name == "line_discount" else name)
        else:
            raw = event.attributes.get(name)
        return self.plain(raw)

    def plain(self, raw):
        if isinstance(raw, bool | str):
            return raw
        return Fraction(str(raw)) if isinstance(raw, int | float) else None

    def row(self, where, event, line):
        return self.logic(
            where, lambda part: self.row(part, event, line), lambda value: self.row_value(value, event, line)
        )

    def row_value(self, value, event, line):
        if isinstance(value, t.Attribute):
            return self.attribute(event, value.name, line)
        return self.common(value, lambda part: self.row_value(part, event, line))

    def common(self, value, read):
        if isinstance(value, t.Number):
            return Fraction(str(value.value))
        if isinstance(value, t.Arithmetic):
            a, b = read(value.left), read(value.right)
            if type(a) is not Fraction or type(b) is not Fraction:
                return None
            if value.sign == "/":
                return a / b if b else None
            return {"+": a + b, "-": a - b, "*": a * b}[value.sign]
        return value.value

    def value(self, value, now):
        if isinstance(value, t.Trait):
            changes = [
                e
                for e in self.events
                if e.kind == "trait.changed" and e.attributes["trait"] == value.name and self.when(e) <= now
            ]
            return self.plain(changes[-1].attributes.get("after")) if changes else None
        if isinstance(value, t.DaysSince):
            day = self.as_day(self.value(value.moment, now))
            return None if day is None else Fraction((self.day(now) - day).days)
        if isinstance(value, t.MedianGap):
            days = sorted({self.day(self.when(e)) for e, _ in self.chosen(value, now)})
            gaps = [(b - a).days for a, b in pairwise(days)]
            return Fraction(statistics.median(gaps)) if gaps else None
        if isinstance(value, t.Aggregate):
            return self.aggregate(value, now)
        return self.common(value, lambda part: self.value(part, now))

    def aggregate(self, node, now):
        pairs = self.chosen(node, now)
        if node.function == "count":
            return Fraction(len(pairs))
        if node.function in ("first", "last", "nth"):
            place = {"first": 0, "last": len(pairs) - 1, "nth": node.n - 1}[node.function]
            if not 0 <= place < len(pairs):
                return None
            event = pairs[place][0]
            return self.attribute(event, node.attribute, {}) if node.attribute else self.day(self.when(event))
        kind = pairs[0][0].kind if pairs else None
        if kind in LINED and node.attribute in LINE:
            known = [self.attribute(event, node.attribute, line) for event, lines in pairs for line in lines]
        else:
            known = [self.attribute(event, node.attribute, {}) for event, _ in pairs]
        known = [one for one in known if one is not None]
        if node.function == "distinct":
            return Fraction(len({(type(one), one) for one in known}))
        known = [one for one in known if isinstance(one, Fraction)]
        if node.function == "sum":
            return sum(known, Fraction(0))
        if not known:
            return None
        return {"avg": sum(known) / len(known), "min": min(known), "max": max(known)}[node.function]

    def as_day(self, value):
        if isinstance(value, date):
            return value
        try:
            return date(*strptime(value, "%Y-%m-%d")[:3])
        except (TypeError, ValueError):
            return None

    # --- truth ---

    def compare(self, operator, a, b):
        if isinstance(a, date) or isinstance(b, date):
            a, b = self.as_day(a), self.as_day(b)
            if a is None or b is None:
                return None
        elif a is None or type(a) is not type(b) or (not isinstance(a, Fraction) and operator not in ("=", "!=")):
            return None
        # The engine reckons in double precision, and so do people who look at it.
        if isinstance(a, Fraction):
            a, b = float(a), float(b)
        return {
            "=": a == b,
            "!=": a != b,
            "<": a < b if operator == "<" else None,
            "<=": a <= b if operator == "<=" else None,
            ">": a > b if operator == ">" else None,
            ">=": a >= b if operator == ">=" else None,
        }[operator]

    def logic(self, node, truth, read):
        match node:
            case t.And():
                parts = [truth(part) for part in node.parts]
                return False if False in parts else None if None in parts else True
            case t.Or():
                parts = [truth(part) for part in node.parts]
                return True if True in parts else None if None in parts else False
            case t.Not():
                inner = truth(node.part)
                return None if inner is None else not inner
            case t.Comparison():
                return self.compare(node.operator, read(node.left), read(node.right))
            case t.OneOf():
                value = read(node.value)
                parts = [self.compare("=", value, read(option)) for option in node.options]
                return True if True in parts else None if None in parts else False
            case t.TextTest():
                text = read(node.value)
                if not isinstance(text, str):
                    return None
                return text.startswith(node.part.value) if node.test == "starts with" else node.part.value in text
            case t.Holds():
                value = read(node.value)
                return value if isinstance(value, bool) else None
        raise AssertionError(node)

    def truth(self, node, now):
        match node:
            case t.Exists():
                return bool(self.chosen(node, now)) is not node.none
            case t.InSegment():
                return self.truth(self.segments[node.name], now)
            case t.Consent():
                return self.consent(node, now)
            case t.Anniversary():
                day = self.as_day(self.value(node.moment, now))
                if day is None:
                    return None
                today = self.day(now)
                ahead = [today + timedelta(days=n) for n in range(node.days + 1)]
                return any(one.year > day.year and self.returns(day, one.year) == one for one in ahead)
            case t.Sequence():
                return self.sequence(node, now)
        return self.logic(node, lambda part: self.truth(part, now), lambda value: self.value(value, now))

    def returns(self, day, year):
        if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
            return date(year, 3, 1)
        return date(year, day.month, day.day)

    def consent(self, node, now):
        agreed = {}
        channels = {e.attributes.get("channel") for e in self.events} | {node.channel, None}
        for event in self.events:
            if self.when(event) > now or not event.kind.startswith("consent."):
                continue
            purpose, channel = event.attributes.get("purpose"), event.attributes.get("channel")
            if event.kind == "consent.given" and purpose == node.purpose:
                agreed[channel] = True
            elif event.kind != "consent.given" and purpose in (None, node.purpose):
                for one in channels if channel is None else {channel}:
                    agreed[one] = False
                if node.channel is not None and channel == node.channel:
                    agreed[None] = False
        wanted = agreed if node.channel is None else [None, node.channel]
        return any(agreed.get(channel, False) for channel in wanted)

    def sequence(self, node, now):
        starts = [self.when(e) for e, _ in self.chosen(node.first, now)]
        ends = [self.when(e) for e, _ in self.chosen(node.then, now)]
        if not starts:
            return False
        if node.then.none:
            due = self.later(starts[-1], node.limit)
            return now >= due and not any(starts[-1] < end <= due for end in ends)
        return any(a < b and (node.limit is None or b <= self.later(a, node.limit)) for a in starts for b in ends)
