"""Train while you watch."""
