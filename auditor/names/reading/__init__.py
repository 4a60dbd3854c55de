"""Text as it is read: folded to ASCII, decoded, split into words and languages."""
