"""The demo: in comes a seed, out go invented people's events through the public SDK, then answers.

The ledger here is an account of its own; the pipeline never reads it. Nothing in this room looks into
the event log, the collector or the lander: it sees what any application and any analyst sees.
"""
