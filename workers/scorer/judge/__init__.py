"""The LLM judge: blind comparisons of two answers in both orders, and how far they can be trusted."""
