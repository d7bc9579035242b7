"""Who works here and what each of them may do: users, roles, API keys, the business itself, the audit log."""
