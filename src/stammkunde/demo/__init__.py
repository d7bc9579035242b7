"""Show the product on a real year of orders, on this machine only."""
