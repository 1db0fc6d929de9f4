"""What people say of the answers, blind: tasks to rank them, what came back, and how far it can be trusted. Pure."""
