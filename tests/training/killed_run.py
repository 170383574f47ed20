"""A training run in a process of its own, which kills itself (SIGKILL) just before its n-th flush to the disk.

python killed_run.py FOLDER N
"""

import os
import signal
import sys

import torch

from .small_runs import trainer

flushes = 0
flush = os.fsync


def kill_before(descriptor):
    global flushes  # noqa: PLW0603 - counts the calls of a patched system function
    flushes += 1
    if flushes == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    flush(descriptor)


os.fsync = kill_before
torch.set_num_threads(1)
trainer(folder=sys.argv[1]).run()
