"""Walk a convolution or a pooling, one output cell at a time."""
