"""The demo: in comes a seed, out go invented people's events through the public SDK, then answers.

`traffic` plans what is sent and `proof` says what must come of it, both pure; the files beside them send it
to a real service and tell the story. Nothing in this room looks into the event log, the collector or the
lander: it sees what any application and any analyst sees.
"""
