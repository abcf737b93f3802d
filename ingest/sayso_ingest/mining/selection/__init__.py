"""Which interactions a budget is spent on: the landscape of one run, the strategies, and candidates with reasons."""
