"""Maps for tests: a soap shop with everything a map can say, and a small one to break."""

from pathlib import Path

SOAP = (Path(__file__).parent / "soap.yaml").read_text(encoding="utf-8")

SMALL = """\
journey: small
version: 1
label: Klein
phases:
  - id: buy
    label: Kaufen
    stage: purchase
    touchpoints:
      - id: first
        label: Erster Kauf
        initiator: customer
        signal: nth(order.placed, 1)
      - id: second
        label: Zweiter Kauf
        initiator: customer
        signal: nth(order.placed, 2)
paths:
  - {from: first, to: second, within: 90d}
"""
