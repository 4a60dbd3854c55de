"""The main job end to end, and the cost of finding copies of whole pictures."""
