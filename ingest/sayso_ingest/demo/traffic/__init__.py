"""What is sent: in come a seed, a number and a moment, out go planned actions and bad requests.

Pure: nothing here opens a socket or looks at a clock. It must not know what becomes of what it plans.
"""
