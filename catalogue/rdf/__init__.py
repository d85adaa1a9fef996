"""Between bytes, graphs and values.

bytes → `parse` (in a limited child process) → `Graph` → `split` (one dataset each) →
`normalise` (named repairs) → `read` (by the table in `fields`) → `Dataset`.
"""
