"""Whatever else is watched, each line is cut at its own deadline, and at no other moment."""

from __future__ import annotations

import threading

from catalogue.ingest.http_watch import Watch

PATIENCE = 20.0


def test_a_block_that_takes_too_long_is_cut() -> None:
    watch, cut = Watch(), threading.Event()
    with watch.cutting(cut.set, 0.01):
        assert cut.wait(PATIENCE)
    watch.close()


def test_an_earlier_deadline_is_kept_while_a_later_one_is_watched() -> None:
    watch, late, early = Watch(), threading.Event(), threading.Event()
    with watch.cutting(late.set, 3600), watch.cutting(early.set, 0.01):
        assert early.wait(PATIENCE)
    assert not late.is_set()
    watch.close()


def test_a_block_that_was_left_in_time_is_not_cut() -> None:
    watch, cut, other = Watch(), threading.Event(), threading.Event()
    with watch.cutting(cut.set, 0.05):
        pass
    with watch.cutting(other.set, 0.1):
        assert other.wait(PATIENCE)
    assert not cut.is_set()
    watch.close()


def test_watching_begins_again_after_an_end() -> None:
    watch, cut = Watch(), threading.Event()
    with watch.cutting(cut.set, 3600):
        watch.close()
    with watch.cutting(cut.set, 0.01):
        assert cut.wait(PATIENCE)
    watch.close()
