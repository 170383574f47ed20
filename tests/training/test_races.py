"""Commands from several threads at once: each takes effect or is refused in words, and nothing else is raised."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import NoneType

import pytest

import signlang_widgets as slw

from .small_runs import net, same_run, trainer


def test_reset_against_start_in_tight_pairs():
    run = trainer(epochs=2)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(50):
            started, cleared = pool.submit(run.start, "thread"), pool.submit(run.reset)
            assert cleared.exception(60) is None
            assert isinstance(started.exception(60), NoneType | slw.BusyError)  # the last pair's may still be at work
    run.reset()
    assert (run.state, len(run.history)) == ("idle", 0)


def test_restore_best_against_reset():
    run = trainer(epochs=1)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(30):
            run.run()
            one, other = pool.submit(run.restore_best), pool.submit(run.reset)
            other.result(60)
            assert one.exception(60) is None or "at least one epoch" in str(one.exception())


def test_the_learning_rate_can_be_set_at_any_time(monkeypatch):
    """The run starts between the look whether it rests and the taking of the loop."""
    run = trainer(epochs=1)
    taken = run._driver._take

    def starts_first(*args):
        monkeypatch.undo()
        run.start("browser")
        return taken(*args)

    monkeypatch.setattr(run._driver, "_take", starts_first)
    run.lr = 0.02
    assert run.state == "running"
    run.wait()
    assert set(run.batch_history["lr"]) == {0.02}


def test_another_model_while_someone_starts_leaves_one_run(monkeypatch):
    """Who had already asked for the old model's driver moves the new one."""
    run = trainer(epochs=1)
    old, launch = run.model, run._driver.launch
    run.model = net(1)
    launch("thread")
    run.wait(60)
    assert (run.state, len(run.history)) == ("finished", 1)
    assert all((a == b).all() for a, b in zip(old.parameters(), net().parameters(), strict=True))


def test_wait_from_many_threads_while_it_trains(unbroken):
    run = trainer()
    start = threading.Barrier(6)

    def wait():
        start.wait()
        return run.wait(60)

    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(wait) for _ in range(5)]
        run.start("thread")
        start.wait()
        assert all(len(future.result(60)) == 3 for future in waiting)
    assert same_run(run, unbroken)


def test_stop_between_launch_and_the_threads_first_look():
    for _ in range(20):
        run = trainer(epochs=10**6)
        run.start("thread")
        run.stop()
        run.wait(60)
        assert run.state == "stopped"
        with pytest.raises(slw.SettingError, match="at least one epoch"):
            run.restore_best()
