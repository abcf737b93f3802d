"""What sayso costs and what it keeps, each figure beside a peer or a raw limit of the same machine in the same run."""
