"""Tells on standard error that a long run goes on: one line rewritten on a terminal, else lines."""

from __future__ import annotations

import sys
import time
from threading import Event, Thread
from types import TracebackType
from typing import Self

from .core import Lang, Progress, Snapshot, Text

SILENT_S = 1.0  # what is shorter needs no word
REDRAW_S, LINE_S = 0.5, 5.0  # between two looks at a terminal, between two lines elsewhere


class Ticker:
    """``with Ticker(lang) as ticker:`` from ``progress`` hears how the solver stands."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.doing = Text("正在读取", "reading")
        self.progress = Progress(self._hear)
        self._last: Snapshot | None = None
        self._began = time.perf_counter()
        self._end, self._live = Event(), sys.stderr.isatty()
        self._shown = False
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()
        self.clear()

    def begin(self, doing: Text) -> None:
        """From now on this is what takes time; the line that stands is closed."""
        self.clear()
        self.doing, self._last, self._began = doing, None, time.perf_counter()

    def clear(self) -> None:
        if self._shown and self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._shown = False

    def _hear(self, now: Snapshot) -> None:
        self._last = now

    def _run(self) -> None:
        told = self._began
        while not self._end.wait(REDRAW_S / 2):
            now = time.perf_counter()
            pause = REDRAW_S if self._live else LINE_S
            if now - self._began >= SILENT_S and (now - told >= pause or told < self._began):
                told = now
                line = self._words(now - self._began).say(self.lang)
                sys.stderr.write(f"\r{line}\x1b[K" if self._live else line + "\n")
                sys.stderr.flush()
                self._shown = True

    def _words(self, seconds: float) -> Text:
        zh, en = f"{self.doing.zh} {seconds:.0f} 秒", f"{self.doing.en} {seconds:.0f} s"
        if self._last is not None:
            best, bound, gap = _figures(self._last)
            zh += f"，当前 {best}，界限 {bound}，差距 {gap}"
            en += f", best {best}, bound {bound}, gap {gap}"
        if self.progress.stopped:
            return Text(zh + "（正在停止）", en + " (stopping)")
        return Text(zh + "（Ctrl-C 停止）", en + " (Ctrl-C stops)")


def _figures(now: Snapshot) -> tuple[str, str, str]:
    best = "—" if now.incumbent is None else f"{now.incumbent:,.2f}"
    bound = "—" if now.bound is None else f"{now.bound:,.2f}"
    gap = "—" if now.gap is None else f"{now.gap:.3%}"
    return best, bound, gap
