"""What a scan costs by the picture, and what that makes of a terabyte and of five billion pictures."""
