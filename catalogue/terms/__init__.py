"""Ontologies as Python values: concepts, schemes, and the many spellings of a code.

`concept` what a scheme is · `load` Turtle → values · `alias` any spelling of a code → its IRI ·
`walk` topics go down, consent goes up · `search` what a visitor may mean · `fold` equal letters.
"""
