"""What share of the traffic an eval set covers, its gaps, and each measurement as it was kept."""
