"""What an interaction says: 2 KB in all, the same for every client."""

INPUT = "How do I reach the office when the line is busy? " * 10
OUTPUT = "First look at the settings page, then at the list of numbers below it. " * 22
