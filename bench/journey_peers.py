"""Ask a peer's library the questions of `bench_journeys.py`; it runs in an environment of its own, `.venv-peers`.

Usage: journey_peers.py PEER EVENTS.parquet. Prints JSON: CPU seconds, results, peak memory.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ["RETENTIONEERING_NO_TRACK"] = "1"  # it reports each call to its makers unless told not to
REPEATS = 3
FUNNEL = ["k00", "k03", "k06", "k09"]


def main(peer: str, events: str) -> None:
    import pandas as pd

    frame = pd.read_parquet(events)
    programs = {"retentioneering": retentioneering, "pm4py": pm4py}[peer](frame)
    told = {name: measured(program) for name, program in programs.items()}
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def measured(program: Callable[[], object]) -> dict[str, object]:
    times, result = [], None
    for _ in range(REPEATS):
        before = time.process_time()
        result = program()
        times.append(time.process_time() - before)
    return {"cpu": min(times), "result": result}


def retentioneering(frame: Any) -> dict[str, Callable[[], object]]:
    from retentioneering.eventstream import Eventstream

    stream = Eventstream(frame, schema={"path_cols": ["customer"], "event_col": "event", "timestamp_col": "at"})

    def transitions() -> object:
        counts = stream.transition_graph_data(edge_weight="count")
        medians = stream.transition_graph_data(edge_weight="time_median")
        return [float(counts.loc["k00", "k01"]), round(medians.loc["k00", "k01"].total_seconds() / 86400, 3)]

    def step_matrix() -> object:
        stream.step_matrix_data(max_steps=10)
        return None

    def funnel() -> object:
        return [int(one["unique_paths"]) for one in stream.funnel_data(steps=FUNNEL)["steps"]]

    return {"transitions": transitions, "step matrix": step_matrix, "funnel": funnel}


def pm4py(frame: Any) -> dict[str, Callable[[], object]]:
    import pm4py as library

    frame["case"] = frame["customer"].astype(str)
    log = library.format_dataframe(frame, case_id="case", activity_key="event", timestamp_key="at")
    keys = {"case_id_key": "case:concept:name", "activity_key": "concept:name", "timestamp_key": "time:timestamp"}

    def transitions() -> object:
        counts, _, _ = library.discover_dfg(log, **keys)
        medians, _, _ = library.discover_performance_dfg(log, **keys)
        return [float(counts["k00", "k01"]), round(medians["k00", "k01"]["median"] / 86400, 3)]

    def variants() -> object:
        return len(library.get_variants(log, **keys))

    return {"transitions": transitions, "variants": variants}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
