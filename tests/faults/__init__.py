"""What is tried to break: damaged files, kills, interrupts, wrong messages. Seeded and bounded.

Each file tries one room and offers ``TRIALS``: a name, the long form's count, and a function of (random generator, count)
that returns a :class:`Tally`. ``python -m tests.faults`` runs the long form, ``test_faults.py`` a short one.
"""
