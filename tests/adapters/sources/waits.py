"""A clock that only moves when it is read or slept by, so that no test waits."""

from dataclasses import dataclass, field

from kvalitet.adapters.sources.asking import Patience


@dataclass
class Waits:
    """What was slept, and how many seconds each reading of the clock takes."""

    seconds_per_reading: float = 0.0
    slept: list[float] = field(default_factory=list)
    now: float = 1000.0

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        self.now += self.seconds_per_reading
        return self.now

    def patience(
        self,
        *,
        attempts: int = 3,
        total_seconds: float = 900,
        seconds_per_answer: float = 5,
        most_megabytes: int = 1,
        pause: float = 0,
    ) -> Patience:
        return Patience(
            attempts=attempts,
            total_seconds=total_seconds,
            seconds_per_answer=seconds_per_answer,
            most_megabytes=most_megabytes,
            pause=pause,
            sleep=self.sleep,
            clock=self.clock,
        )
