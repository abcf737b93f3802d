"""The model of the help desk: what it is told in a prompt it does, and asked for a grade it knows the help pages.

It answers over HTTP as OpenAI's endpoints do, on this machine alone, so that the demo needs no key and no network.
"""
