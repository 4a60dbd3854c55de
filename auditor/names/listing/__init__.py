"""The list as it is searched: surfaces, their grades and the tables they are graded by."""
