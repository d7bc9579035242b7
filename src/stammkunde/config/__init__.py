"""Put the parts together: the only place that names everybody."""
