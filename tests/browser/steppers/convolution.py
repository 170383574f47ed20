"""The convolution steppers that browser tests walk: a worked example, and a picture."""

SETUP = """
import torch
import signlang_widgets as slw
stepper = slw.ConvolutionStepper()
stepper
"""
HAND = """
import torch
import signlang_widgets as slw
hand = torch.randint(0, 256, (28, 26), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
stepper = slw.ConvolutionStepper(hand, "vertical")
stepper
"""
VIEW = ".slw-convolution-stepper"
