"""The chapter's figures as matplotlib functions: each draws on what it is given, or makes its own figure.

Figures made here by themselves go through pyplot, so that a notebook shows them and ipympl makes them zoomable.
"""

from .canvas import DIVERGING as DIVERGING
from .canvas import TEST_COLOUR as TEST_COLOUR
from .canvas import TRAIN_COLOUR as TRAIN_COLOUR
from .networks import feature_maps as feature_maps
from .networks import kernels as kernels
from .pictures import filtered_images as filtered_images
from .pictures import image_grid as image_grid
from .pictures import kernel_table as kernel_table
from .pictures import label_counts as label_counts
from .runs import confusion_matrix as confusion_matrix
from .runs import learning_curves as learning_curves
