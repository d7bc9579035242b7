"""The small certainties everything else stands on: the clock, money and periods."""
