"""inference: answers the evaluation set with each arm's model, grounded in retrieved documents."""
