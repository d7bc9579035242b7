"""Show the check-up: all questions at a glance, one question, the five of the kit, and how it went over time."""
