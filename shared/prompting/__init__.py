"""The one layout in which documents, questions and citations are shown to models."""
