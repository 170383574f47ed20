"""The rooms that know Jupyter: one widget a room, the same stem in Python, JS, CSS and tests."""
