"""Whether what is asked has changed between two windows of time."""
