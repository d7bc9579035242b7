"""Show people their customers: the staff pages."""
