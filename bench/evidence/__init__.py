"""Whether mining is right: each of its methods held against real data with labels that it does not see."""
