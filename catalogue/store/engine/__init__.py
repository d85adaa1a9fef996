"""The query engine: a process of its own that owns the public graphs and answers SPARQL.

The parent (`parent`) holds the graphs in memory, applies updates and forks children
(`child`); a child is locked in (`sandbox`) and answers one query at a time. The parent ends
a child at its deadline (`pool`). Clients speak `wire` over Unix sockets. Nothing large may
be imported here: every object on the heap is copied into every child.

Start it with `python -m catalogue.store.engine`, or rather `catalogue.store.embedded.start`.
"""
