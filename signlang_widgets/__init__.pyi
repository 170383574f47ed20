from . import kernels as kernels
from . import plots as plots
from .datasets import SignMNIST as SignMNIST
from .datasets import fetch_sign_mnist as fetch_sign_mnist
from .datasets import load_sign_mnist as load_sign_mnist
from .labelled_images import DataError as DataError
from .labelled_images import LabelledImages as LabelledImages
from .widgets.kernel_editor import KernelEditor as KernelEditor
