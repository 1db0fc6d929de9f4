"""dataset-builder: fixes a run's split, asks for missing samples, and writes each arm's training file."""
