"""The Rules of the design, written as slowly and as obviously as can be: what each view must say, from what was sent.

Shares nothing with the pipeline: it reads the events as they were sent, in the order in which they arrived.
"""
