"""Statistics that hold, as pure functions over arrays: nothing is read or written here, and all chance has a seed.

Intervals are at 95 %, shares and differences 0 to 1. What a reader of few figures needs (`wilson`) is plain Python;
the rest is imported where it is used, for numpy and scipy are heavy.
"""
