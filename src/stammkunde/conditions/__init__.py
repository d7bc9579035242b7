"""Answer every question about one customer in one small language: read it, evaluate it, compile it for all."""
