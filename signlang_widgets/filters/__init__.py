"""What is laid on an image: named kernels, cross-correlation, pooling, and the size of what comes out."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"kernels"})
