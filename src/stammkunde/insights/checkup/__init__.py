"""Check a business against the 44 questions of the checklists: what data answer alone, what a person must say."""
