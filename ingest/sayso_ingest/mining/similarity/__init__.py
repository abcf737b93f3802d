"""What is like what: neighbours, topics, near-duplicates, and how unlike an eval set an interaction is."""
