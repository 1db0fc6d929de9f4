"""Parsers by media type: each a function from a document's bytes to its blocks, usable without anything else."""
