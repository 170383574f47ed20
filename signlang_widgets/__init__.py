"""See how a convolutional network learns to read hands: widgets for Jupyter, arithmetic by torch.

``import signlang_widgets as slw`` costs next to nothing: every name is loaded when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
