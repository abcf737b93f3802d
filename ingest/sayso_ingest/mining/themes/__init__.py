"""What comments complain about and praise: their themes, telling phrases, and names that stay the same."""
