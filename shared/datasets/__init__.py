"""Training files: how a row is written in each format, and what a model family would refuse. Pure."""
