"""Take times: many calls from several threads at once, and what they come to."""

import gc
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Call = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Timing:
    """What one measurement of many calls came to, in milliseconds. `cpu` is this process's alone, for each call."""

    per_second: float
    p50: float
    p99: float
    cpu: float


def timed(calls: Sequence[Call], threads: int) -> Timing:
    """Make every call once, from `threads` threads, each taking the next call when it is done with its last."""
    waiting = iter(calls)
    taking = threading.Lock()
    latencies: list[float] = []
    problems: list[BaseException] = []
    start = threading.Barrier(threads + 1)

    def work() -> None:
        own = []
        start.wait()
        try:
            while True:
                with taking:
                    call = next(waiting, None)
                if call is None:
                    break
                began = time.perf_counter()
                call()
                own.append(time.perf_counter() - began)
        except BaseException as problem:  # noqa: BLE001 - raised again below, on the thread that measures
            problems.append(problem)
        latencies.extend(own)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    gc.collect()
    start.wait()
    began, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.join()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    if problems:
        raise problems[0]
    ordered = sorted(latencies)
    return Timing(
        per_second=len(ordered) / wall,
        p50=ordered[len(ordered) // 2] * 1000,
        p99=ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))] * 1000,
        cpu=cpu / len(ordered) * 1000,
    )


def middle(timings: Sequence[Timing]) -> Timing:
    """Return the median of each figure over the rounds."""
    return Timing(
        per_second=statistics.median(each.per_second for each in timings),
        p50=statistics.median(each.p50 for each in timings),
        p99=statistics.median(each.p99 for each in timings),
        cpu=statistics.median(each.cpu for each in timings),
    )


def ratio(of: Sequence[Timing], to: Sequence[Timing]) -> float:
    """Return the median of the ratios within each round: what disturbs a round disturbs both its sides."""
    return statistics.median(one.per_second / other.per_second for one, other in zip(of, to, strict=True))


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
