"""The system of record: what was received, what became of it, and what is public."""
