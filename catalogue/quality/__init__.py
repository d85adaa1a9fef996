"""How well a dataset is described, in points, with what to mend first.

`mqa` is the European assessment, for comparison with other catalogues; `controlled` is ours,
in which data that are rightly closed can reach the full hundred. `league` compares
organisations, `measurement` says the same in RDF. Pure functions: nothing here calls a
network, a clock or a database.
"""
