"""Answer programs: JSON under /api/v1, with the same figures as the pages."""
