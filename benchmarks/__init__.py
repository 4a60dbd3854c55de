"""Measurements on real pictures. Nothing here is installed with the package."""
