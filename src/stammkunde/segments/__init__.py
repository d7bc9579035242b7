"""Keep groups of customers by a condition: who is in them, since when, until when, and why."""
