import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import conv2d

from signlang_widgets.filters.convolution import cross_correlate


def test_the_chapter_s_worked_example():
    out = cross_correlate(torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2))
    assert out.tolist() == [[19, 25], [37, 43]]


def test_flip_turns_the_kernel_by_half():
    image, kernel = torch.rand(5, 7), torch.rand(3, 2)
    torch.testing.assert_close(cross_correlate(image, kernel, flip=True), cross_correlate(image, kernel.flip(0, 1)))


@pytest.mark.parametrize("batch", [(), (4,), (2, 3)])
@given(
    stride=st.integers(1, 3),
    padding=st.integers(0, 2),
    dilation=st.integers(1, 2),
    bias=st.floats(-2, 2),
    relu=st.booleans(),
)
def test_any_batch_agrees_with_conv2d(batch, stride, padding, dilation, bias, relu):
    generator = torch.Generator().manual_seed(1)
    image = torch.rand(*batch, 2, 5, 7, generator=generator)
    kernel = torch.randn(2, 3, 2, generator=generator)
    expected = conv2d(image.reshape(-1, 2, 5, 7), kernel[None], torch.tensor([bias]), stride, padding, dilation)[:, 0]
    expected = expected.relu() if relu else expected
    found = cross_correlate(image, kernel, stride=stride, padding=padding, dilation=dilation, bias=bias, relu=relu)
    torch.testing.assert_close(found, expected.reshape(*batch, *expected.shape[-2:]))
