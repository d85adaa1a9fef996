"""Who may do what: stewards and admins, known by a token; visitors need no account.

`permissions` is the table, `token` the form of a token, `desk` recognises whoever shows one.
"""
