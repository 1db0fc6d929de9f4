"""The scorer, measured."""
