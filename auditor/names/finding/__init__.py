"""Where listed names stand in a text: exact, misspelt, in their own script."""
