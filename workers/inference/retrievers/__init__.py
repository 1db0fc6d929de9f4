"""What a question is answered from: one small port, and its implementations."""
