"""One run in a process of its own: what one way does to the process (threads, the allocator) must not help the other."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def apart(function, *arguments):
    """Call a module's function in a fresh Python; return what it returns."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
