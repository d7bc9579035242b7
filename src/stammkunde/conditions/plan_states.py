"""Ask what was known of customers as of a moment: traits and consents, from their history."""

from stammkunde.conditions.fragments import Column, from_json
from stammkunde.conditions.history import CONSENT_ENDED, CONSENT_GIVEN
from stammkunde.conditions.plan_rows import Parameters
from stammkunde.conditions.tree import Consent

_LATEST = '(CAST("at" AS HUGEINT) * 9223372036854775807 + event)'


def trait_column(traits: dict[str, str], name: str, parameters: Parameters) -> Column:
    """Return a trait of the customer; `traits` remembers which ones are asked."""
    short = traits.setdefault(parameters.bind(name), f"k{len(traits)}")
    return Column(number=f"known.{short}n", text=f"known.{short}t", flag=f"known.{short}f")


def traits_table(traits: dict[str, str], asking: str, now: int, concern: str) -> str:
    """Return the query for the latest values of these traits, one row per customer, as far as `asking` asks."""
    columns = "".join(
        f", arg_max_null({source}, {_LATEST}) FILTER (WHERE trait = {name}) AS {short}{source[0]}"
        for name, short in traits.items()
        for source in ("number", "text", "flag")
        if f"known.{short}{source[0]}" in asking
    )
    return (
        f"SELECT customer{columns} FROM traits WHERE trait IN ({', '.join(traits)}) "
        f'AND "at" <= {now}{concern} GROUP BY customer'
    )


def consent_table(consent: Consent, parameters: Parameters, now: int, concern: str) -> str:
    """Return the query for who agrees: some agreement that nothing later for its channel, or all, has ended."""
    given, kinds = parameters.bind(CONSENT_GIVEN), [parameters.bind(kind) for kind in CONSENT_ENDED]
    purpose, channel = from_json("purpose").text, from_json("channel").text
    asked = parameters.bind(consent.purpose)
    mine = f"CASE WHEN kind = {given} THEN purpose = {asked} ELSE purpose = {asked} OR purpose IS NULL END"
    if consent.channel is not None:
        mine = f"({mine}) AND (channel IS NULL OR channel = {parameters.bind(consent.channel)})"
    rows = (
        f"SELECT customer, kind, {purpose} AS purpose, {channel} AS channel, row_number() OVER "
        f'(PARTITION BY customer ORDER BY "at", id) AS place FROM events WHERE customer IS NOT NULL AND "at" <= {now} '
        f"AND kind IN ({', '.join([given, *kinds])}){concern}"
    )
    states = (
        "SELECT customer, channel, max(place) FILTER (WHERE kind = "
        f"{given}) AS begun, max(place) FILTER (WHERE kind <> {given}) AS ended FROM ({rows}) AS rows "
        f"WHERE {mine} GROUP BY customer, channel"
    )
    every = "max(CASE WHEN channel IS NULL THEN ended END) OVER (PARTITION BY customer)"
    if consent.channel is not None:
        every = "max(ended) OVER (PARTITION BY customer)"
    return (
        "SELECT customer, bool_or(coalesce(begun > greatest(coalesce(ended, 0), coalesce(everywhere, 0)), FALSE)) "
        f"AS agreed FROM (SELECT customer, begun, ended, {every} AS everywhere FROM ({states}) AS states) AS latest "
        "GROUP BY customer"
    )
