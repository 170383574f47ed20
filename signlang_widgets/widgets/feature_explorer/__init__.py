"""Look inside a network: every layer, every number, every learned kernel."""
