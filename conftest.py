"""Set once for the whole run, lessons included: nbval's kernels inherit this process's environment."""

from tests.lessons.environment import settle

settle()
