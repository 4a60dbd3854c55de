"""How many copies each tool finds, by edit and by kind of picture, and how long it takes."""
