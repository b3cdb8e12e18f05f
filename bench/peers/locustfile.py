"""The same requests as the bench's other clients, by Locust's faster client.

BENCH_STREAM=1: streamed answers; time to the first content event and pace, as a Locust user would take them.
BENCH_OUT: where to write the figures at the end, as JSON.
"""

import json
import os
import time

from locust import FastHttpUser, constant, events, task

STREAM = os.environ.get("BENCH_STREAM") == "1"
OUT = os.environ.get("BENCH_OUT")
BODY = os.environ["BENCH_BODY"]
HEADERS = {"Content-Type": "application/json"}

ttfts_ms: list[float] = []
tpots_ms: list[float] = []


class ChatUser(FastHttpUser):
    wait_time = constant(0)

    @task
    def chat(self):
        if STREAM:
            self.stream()
        else:
            self.client.post("/v1/chat/completions", data=BODY, headers=HEADERS, name="chat")

    def stream(self):
        start = time.perf_counter()
        first = last = None
        events_seen = 0
        with self.client.post(
            "/v1/chat/completions", data=BODY, headers=HEADERS, name="chat", stream=True, catch_response=True
        ) as response:
            if response.status_code != 200:
                response.failure(f"status {response.status_code}")
                return
            lines = response.stream
            while line := lines.readline(b"\n"):
                if not line.startswith(b"data: ") or line.startswith(b"data: [DONE]"):
                    continue
                now = time.perf_counter()
                choices = json.loads(line[6:])["choices"]
                if not choices or not choices[0]["delta"].get("content"):
                    continue
                if first is None:
                    first = now
                last = now
                events_seen += 1
        if first is None:
            return
        ttfts_ms.append((first - start) * 1000)
        if events_seen > 1:
            tpots_ms.append((last - first) * 1000 / (events_seen - 1))


@events.quit.add_listener
def write(**_):
    if OUT:
        with open(OUT, "w") as file:
            json.dump({"ttftsMs": ttfts_ms, "tpotsMs": tpots_ms}, file)
