"""How hard an interaction is: what was said of its answer, and how likely the answer is to fail where nothing was."""
