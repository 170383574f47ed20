"""Data for every widget and engine: LabelledImages and Sign Language MNIST."""
