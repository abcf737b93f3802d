"""What people did with answers, as examples to train on: pairs that prefer one, answers that are good or bad.

Rows of the warehouse become raw examples (sources), each is looked at alone (gates, leakage), then all together
(voices: who else says so, who says the opposite). What is left out is left out for a reason of a closed list.
"""
