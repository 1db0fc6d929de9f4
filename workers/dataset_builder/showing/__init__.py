"""Samples as people look at them: on the terminal, on a page, on a dataset's card. No queue, no state."""
