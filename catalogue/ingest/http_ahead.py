"""Fetch what will be asked for next, side by side, while what came before is being used.

It changes no answer: an address that was fetched beforehand gives the document or the error
that asking would have given. Memory stays bounded, because no more is fetched while twice as
many answers wait as there are threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Final, Generic, NoReturn, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

IDLE_SECONDS: Final = 5.0


class Ahead(Generic[Question, Answer]):
    """Asks expected questions on at most `at_once` threads."""

    def __init__(self, ask: Callable[[Question], Answer], at_once: int) -> None:
        self._ask = ask
        self._at_once = at_once
        self._change = threading.Condition()
        self._plan: OrderedDict[Question, None] = OrderedDict()
        self._expected: set[Question] = set()
        self._running: set[Question] = set()
        self._waiting: dict[Question, Callable[[], Answer]] = {}
        self._threads = 0
        self._closed = False

    def expect(self, questions: Iterable[Question]) -> None:
        """What will be asked next, in order. What is no longer expected is dropped."""
        with self._change:
            asked = list(dict.fromkeys(questions))
            self._expected = set(asked)
            for old in self._waiting.keys() - self._expected:
                del self._waiting[old]
            begun = self._running | self._waiting.keys()
            self._plan = OrderedDict.fromkeys(each for each in asked if each not in begun)
            self._hire()
            self._change.notify_all()

    def take(self, question: Question) -> Callable[[], Answer] | None:
        """Gives or raises what a question gave, when it did; `None` when nobody began to ask it."""
        with self._change:
            if question in self._running:
                self._expected.add(question)
                self._change.wait_for(lambda: question not in self._running)
            self._expected.discard(question)
            self._plan.pop(question, None)
            outcome = self._waiting.pop(question, None)
            self._hire()
            self._change.notify_all()
            return outcome

    def close(self) -> None:
        """Begin nothing more, and forget what waits."""
        with self._change:
            self._closed = True
            self._plan.clear()
            self._waiting.clear()
            self._change.notify_all()

    def _hire(self) -> None:
        wanted = len(self._plan) if self._has_room() and not self._closed else 0
        for _ in range(min(self._at_once - self._threads, wanted)):
            self._threads += 1
            threading.Thread(target=self._work, name="ahead of asking", daemon=True).start()

    def _work(self) -> None:
        while (question := self._next()) is not None:
            self._done(question, self._outcome(question))

    def _next(self) -> Question | None:
        """The next question of the plan; `None` when there is nothing to do for a while."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._has_room(), IDLE_SECONDS)
            if self._closed or not self._has_room():
                self._threads -= 1
                return None
            question, _ = self._plan.popitem(last=False)
            self._running.add(question)
            return question

    def _has_room(self) -> bool:
        under_way = len(self._running) + len(self._waiting)
        return bool(self._plan) and under_way < 2 * self._at_once

    def _outcome(self, question: Question) -> Callable[[], Answer]:
        try:
            answer = self._ask(question)
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is used
            return partial(_fail, error)
        return lambda: answer

    def _done(self, question: Question, outcome: Callable[[], Answer]) -> None:
        with self._change:
            self._running.discard(question)
            if question in self._expected and not self._closed:
                self._waiting[question] = outcome
            self._change.notify_all()


def _fail(error: Exception) -> NoReturn:
    raise error
