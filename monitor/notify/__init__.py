"""The way out: one message to one recipient, and what became of it."""
