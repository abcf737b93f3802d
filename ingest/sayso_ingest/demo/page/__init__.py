"""The demo's page: a small chat with all three widgets, and beside it what landed.

It is an application like anybody's: its back end records with the SDK, its page has the collector's script, and what
it shows of the warehouse it reads from the published copy.
"""
