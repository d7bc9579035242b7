"""Draw what figures say, on the server, as SVG that prints and needs no script."""
