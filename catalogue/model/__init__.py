"""What a catalogue is made of: frozen values without input or output.

`text` language-tagged text · `counts` numbers of people · `agent` organisations, contacts ·
`dataset` dataset, distribution, catalog, series · `genome` assays, consent, linkage, access.
"""
