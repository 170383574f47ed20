"""The chapter's figures as matplotlib functions: each draws on what it is given, or makes its own figure.

Figures made here by themselves go through pyplot, so that a notebook shows them and ipympl makes them zoomable.
"""

from .confusions import confusion_matrix as confusion_matrix
from .images import filtered_images as filtered_images
from .images import image_grid as image_grid
from .images import kernel_table as kernel_table
from .images import label_counts as label_counts
from .networks import feature_maps as feature_maps
from .networks import kernels as kernels
from .runs import learning_curves as learning_curves
from .style import DIVERGING as DIVERGING
from .style import TEST_COLOUR as TEST_COLOUR
from .style import TRAIN_COLOUR as TRAIN_COLOUR
