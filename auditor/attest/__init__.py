"""States in a verifiable form what was audited, and checks such statements against a dataset."""
