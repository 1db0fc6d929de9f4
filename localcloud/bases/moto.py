"""moto (PyPI ``moto``, Apache-2.0) as a base: for tests and for people whose own tests are built on moto.

It keeps no state, and its queues slow down with their backlog (``receive`` scans all of it): small queues, no fleets.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localcloud.asgi import App
from localcloud.bases.wsgi import WsgiApp, adapt, environ_key

_THREADS = 128  # a long poll holds one


class Moto:
    account = "123456789012"

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        _serialise_queues()
        _serialise_tables()
        _name_accounts()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="moto")
        self._app = adapt(_keep_underscores(DomainDispatcherApplication(create_backend_app)), self._threads)

    @property
    def app(self) -> App:
        return self._app

    async def start(self) -> None:
        """Nothing to load."""

    async def keep(self) -> None:
        """Nothing to keep it in."""

    async def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _keep_underscores(wsgi: WsgiApp) -> WsgiApp:
    """Tells moto which S3 metadata names have an underscore: WSGI spells ``a_b`` and ``a-b`` alike."""
    from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, should_preserve_original_header_name

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        names = [name.decode("latin-1") for name, _ in environ["asgi.headers"]]
        kept = [name for name in names if should_preserve_original_header_name(name)]
        environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = {environ_key(name): name for name in kept}
        return wsgi(environ, start_response)

    return app


def _serialise_queues() -> None:
    """One receive or delete at a time in a queue.

    moto deletes by rebuilding the list of messages without a lock: with two deleters and a sender, messages were
    lost. The queue's own condition is reentrant, and a long poll releases it while it waits.
    """
    from moto.sqs.models import Queue, SQSBackend

    if not hasattr(Queue.delete_message, "__wrapped__"):
        Queue.delete_message = _locked_delete(Queue.delete_message)
        SQSBackend.receive_message = _locked_receive(SQSBackend.receive_message)


def _locked_delete(delete: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(delete)
    def locked(queue: Any, *args: Any, **kwargs: Any) -> Any:
        with queue._messages_lock:
            return delete(queue, *args, **kwargs)

    return locked


def _locked_receive(receive: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(receive)
    def locked(backend: Any, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        with backend.get_queue(queue_name)._messages_lock:
            return receive(backend, queue_name, *args, **kwargs)

    return locked


def _serialise_tables() -> None:
    """One write at a time.

    A transaction that moto refuses puts all tables back to a copy made at its start: what others wrote meanwhile
    was lost.
    """
    from moto.dynamodb.models import DynamoDBBackend

    lock = threading.RLock()
    for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
        write = getattr(DynamoDBBackend, name)
        if not hasattr(write, "__wrapped__"):
            setattr(DynamoDBBackend, name, _locked_write(write, lock))


def _locked_write(write: Callable[..., Any], lock: threading.RLock) -> Callable[..., Any]:
    @functools.wraps(write)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return write(*args, **kwargs)

    return locked


def _name_accounts() -> None:
    """EventBridge's events name their account, moto's do not unless a target asks for it."""
    from moto.events.utils import EventTemplateParser

    template = EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE
    if "<account>" not in template:
        EventTemplateParser.DEFAULT_EVENT_INPUT_TEMPLATE = template.replace("{", '{"account": "<account>", ', 1)
