"""Logs: one JSON object a line on standard error, with ``action`` and ids as keys, never values inside sentences."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from shared.observe.tracing import add_trace_id

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(level: str, worker: str, worker_id: str) -> Any:
    """Sets the process's logging up and returns the logger that names this worker."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            add_trace_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("action"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS.get(level.lower(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    return structlog.get_logger().bind(worker=worker, worker_id=worker_id)
