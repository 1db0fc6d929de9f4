"""Pure functions on text, Korean and English. Nothing here reads a file, a clock or a network."""
