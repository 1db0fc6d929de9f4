"""A small server that speaks OpenAI's interface as Ollama and vLLM do, and goes wrong on request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODELS = ("llama3.1:8b", "nomic-embed-text")
KEY = "secret-of-the-test"
HANG_S = 20.0
Answer = tuple[int, Any]


@dataclass
class OpenAIServer:
    """``asked`` are path, authorization and body of each request, in order; ``most`` were under way at once."""

    url: str
    asked: list[tuple[str, str | None, dict[str, Any]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: int = 0
    most: int = 0

    @property
    def last(self) -> dict[str, Any]:
        return self.asked[-1][2]

    def answer(self, path: str, body: dict[str, Any]) -> Answer:
        """Status and body, text or what JSON can hold."""
        if body["model"] not in MODELS:
            return 404, {"error": {"message": f"model '{body['model']}' not found, try pulling it first"}}
        if path == "/v1/embeddings":
            vectors = [[3.0 * len(text), 4.0 * len(text)] for text in body["input"]]
            items = [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]
            return 200, {"data": items[::-1]}
        return self.chat(body)

    def chat(self, body: dict[str, Any]) -> Answer:
        said = body["messages"][-1]["content"]
        failures: dict[str, Answer] = {
            "too fast": (429, {"error": {"message": "rate limit of 3 a minute"}}),
            "trouble": (500, {"error": "out of memory"}),
            "no key": (401, {"error": {"message": "invalid key"}}),
            "too long": (400, {"error": {"message": "context length is 4096"}}),
            "as vLLM says it": (400, {"object": "error", "message": "max_tokens is too large"}),
            "hang up": (0, ""),
            "gateway": (504, "upstream timed out"),
            "a web page": (200, "<html>welcome</html>"),
            "something else": (200, {"object": "list"}),
        }
        if said in failures:
            return failures[said]
        if said == "hang":
            self.released.wait(HANG_S)
        if said == "slowly":
            time.sleep(0.3)
        if "tools" in body and said != "only speak":
            return 200, calling(body["tool_choice"]["function"]["name"], said)
        return 200, completion(f"들었습니다: {said}", body)


def completion(text: str, body: dict[str, Any]) -> dict[str, Any]:
    """Cut at ``max_tokens`` words and at stop sequences; one word is one token."""
    words, reason = text.split(), "stop"
    if len(words) > body["max_tokens"]:
        text, reason = " ".join(words[: body["max_tokens"]]), "length"
    if text.endswith("filtered"):
        reason = "content_filter"
    for sequence in body.get("stop", []):
        text = text.split(sequence)[0]
    prompt = " ".join(message["content"] for message in body["messages"])
    return {
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": reason}],
        "usage": {"prompt_tokens": len(prompt.split()), "completion_tokens": len(text.split())},
    }


def calling(name: str, said: str) -> dict[str, Any]:
    """A call of the function that must be called, with what was said."""
    call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": json.dumps({"heard": said})}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {"choices": [{"message": message, "finish_reason": "stop"}]}


@contextmanager
def openai_server() -> Iterator[OpenAIServer]:
    """Runs it in threads of this process, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with state.lock:
                state.asked.append((self.path, self.headers["Authorization"], body))
                state.under_way += 1
                state.most = max(state.most, state.under_way)
            status, answer = state.answer(self.path, body)
            with state.lock:
                state.under_way -= 1
            if not status:
                return
            data = (answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except ConnectionError:
                pass  # the client has given up waiting, which is what a hang is for

        def log_message(self, *args: Any) -> None:
            """Nothing: a test's output is its failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = OpenAIServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
