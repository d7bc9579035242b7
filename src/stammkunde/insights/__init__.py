"""Answer in figures: the mirror of the log, kept in step, and the cached figures on it."""
