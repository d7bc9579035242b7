"""Keep the log: everything a customer does or is sent, and the ways in."""
