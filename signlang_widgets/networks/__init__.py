"""Networks and what they make of images: scores, mistakes, the output of every layer."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"activations"})
