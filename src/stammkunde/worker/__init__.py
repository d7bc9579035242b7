"""Keep the clock: run what is due, again and again."""
