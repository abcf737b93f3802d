"""What must come of what was sent: in come the events and the rows that landed, out go the differences.

Pure, and an account of its own: nothing here is taken from the pipeline, which never reads it.
"""
