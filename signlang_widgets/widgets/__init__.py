"""The rooms that know Jupyter: a folder a widget, the same stem in Python, JS, CSS and tests."""
