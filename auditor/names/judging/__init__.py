"""What a mention counts: the cues around it, its score and the reason in words."""
