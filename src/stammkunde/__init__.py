"""Keep your customers: see who comes back, why, and what each of your efforts really caused."""
