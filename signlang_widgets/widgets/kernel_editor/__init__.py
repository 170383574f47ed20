"""Drag a number in a kernel, watch the filtered photographs follow."""
