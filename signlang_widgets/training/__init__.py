"""How a network learns: a generator of events, the run that someone owns, and what it leaves on disk."""
