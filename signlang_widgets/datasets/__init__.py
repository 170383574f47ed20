"""Pictures with labels: what every widget takes as data, and Sign Language MNIST from wherever it is."""
