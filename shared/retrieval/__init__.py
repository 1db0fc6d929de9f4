"""Which chunks a question is answered from."""
