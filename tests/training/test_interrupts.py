"""Interrupts of the kernel, the second ones of impatient people included: an epoch is kept whole or not at all."""

import os
import signal
import threading

import pytest

import signlang_widgets as slw
from signlang_widgets.training.checkpoints import Checkpoints
from signlang_widgets.training.interrupts import interrupts_to
from signlang_widgets.training.loop import Loop
from signlang_widgets.training.records import Records

from .small_runs import Breakable, is_batch, net, same_run, trainer, when


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("epoch", [2, 3])
@pytest.mark.parametrize("place", [(Loop, "snapshot"), (Records, "add"), (Checkpoints, "save")], ids=lambda p: p[1])
@pytest.mark.filterwarnings("ignore::signlang_widgets.TrainingWarning")
def test_a_second_interrupt_while_an_epoch_is_kept_waits_for_its_end(monkeypatch, tmp_path, place, epoch, unbroken):
    real = getattr(*place)

    def interrupted(self, *args):
        here = self.epoch + 1 if isinstance(self, Loop) else run.epochs_done
        if here == epoch:
            interrupt()
            interrupt()
        found = real(self, *args)
        if here == epoch:
            interrupt()
        return found

    run = trainer(folder=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(*place, interrupted)
        run.run()
    assert (run.state, len(run.history)) == (("stopped", 2) if epoch == 2 else ("finished", 3))
    again = slw.Trainer.load(tmp_path, net(), run.data)
    assert again.history.equals(run.history)
    run.run()
    assert run.history["epoch"].tolist() == [1, 2, 3]
    assert same_run(run, unbroken)


def test_a_second_interrupt_breaks_into_a_forward_pass_that_takes_too_long(unbroken):
    def breaks(count):
        if count == 9:
            interrupt()
            interrupt()
            raise AssertionError("the second interrupt broke in before this")

    run = trainer(Breakable(breaks))
    with pytest.warns(slw.TrainingWarning, match="Stopped at batch 2 of 6 in epoch 2"):
        run.run()
    run.run()
    assert same_run(run, unbroken)


def test_a_second_interrupt_leaves_a_wait_for_a_thread_that_hangs():
    hangs, go_on = threading.Event(), threading.Event()

    def breaks(_):
        hangs.set()
        go_on.wait(60)

    run = trainer(Breakable(breaks), epochs=1)
    run.start("thread")
    assert hangs.wait(60)
    impatient = threading.Thread(target=press_until, args=(go_on,))
    impatient.start()
    with pytest.raises(KeyboardInterrupt):
        run.wait(60)
    go_on.set()
    impatient.join()
    while run.state == "running":
        run._driver._at_rest.wait(0.1)
    assert run.state == "stopped"


def press_until(done):
    """Interrupt the main thread again and again, while its handler is the trainer's."""
    usual = signal.default_int_handler
    while not done.wait(0.05):
        if signal.getsignal(signal.SIGINT) is not usual:
            interrupt()


def test_a_tick_is_interrupted_politely_too(unbroken):
    run = trainer()
    when(run, is_batch(2, 1), interrupt)
    run.start("browser")
    while run.tick(60):
        pass
    assert run.state == "stopped"
    with pytest.warns(slw.TrainingWarning, match="Stopped at batch 1 of 6 in epoch 2"):
        run.wait()
    run.run()
    assert same_run(run, unbroken)


def test_only_a_second_interrupt_in_the_right_place_is_passed_on():
    heard, may = [], [False]
    usual = signal.signal(signal.SIGINT, lambda *_: heard.append("usual"))
    try:
        with interrupts_to(lambda: heard.append("stop"), lambda: may[0]):
            interrupt()
            interrupt()
            may[0] = True
            interrupt()
        interrupt()
    finally:
        signal.signal(signal.SIGINT, usual)
    assert heard == ["stop", "stop", "usual", "stop", "usual"]
