"""The public triple store: what anyone may ask in SPARQL, and nothing else.

`base` is the port; `embedded` and `remote` are its two adapters; `engine` is the process of
its own in which strangers' queries run; `guard` refuses what no engine should see.
"""
