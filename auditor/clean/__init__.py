"""Sets aside what a report flags, and puts it back exactly."""
