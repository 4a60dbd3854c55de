"""What every room leans on and that knows nothing of pictures: reading, writing and processes."""
