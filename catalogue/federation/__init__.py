"""Ask other endpoints on behalf of a query, where SPARQL says `SERVICE`.

Only those on the operator's list are ever asked, and by this layer: the query engine cannot
open a connection. `peers` is the list, `parts` takes a query apart, `asking` asks, `solutions`
writes what was answered as `VALUES`, and `store` joins them into a store that can be asked
with `SERVICE`. Without a list nothing of this room is used.

SPARQL 1.1 Federated Query: https://www.w3.org/TR/sparql11-federated-query/
"""
