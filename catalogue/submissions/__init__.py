"""Descriptions that stewards write here: from a draft to a public record, and back.

`states` says what may follow what, `intake` makes a description of what was sent, and `desk`
does what a steward asks, by the same road as a harvest: normalise, validate, protect.
"""
