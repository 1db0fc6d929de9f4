"""AWS Signature Version 4 in headers, for POST requests to one URL of one service.

Source: "Create a signed AWS API request", AWS IAM User Guide. What costs most, the day's key, is derived once a day.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, urlsplit

from botocore.utils import normalize_url_path

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Credentials(Protocol):
    """What signs; botocore's ``ReadOnlyCredentials`` are such. ``token`` is None for long-term keys."""

    @property
    def access_key(self) -> str: ...

    @property
    def secret_key(self) -> str: ...

    @property
    def token(self) -> str | None: ...


class Signer:
    """Signs requests to ``url``, which has no query; ``service`` is the service's signing name."""

    def __init__(self, url: str, region: str, service: str) -> None:
        self.host = host_of(url)
        self._path = _canonical_path(urlsplit(url).path)
        self._region = region
        self._service = service
        self._key: tuple[tuple[str, str], bytes] = (("", ""), b"")

    def signed(self, headers: Mapping[str, str], body: bytes, credentials: Credentials, at: float) -> dict[str, str]:
        """The headers with ``Host``, date, token and authorization; every one of them is signed.

        ``at`` is the time of the signature (Unix seconds); AWS refuses one five minutes off its own.
        """
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        sent = {**headers, "Host": self.host, "X-Amz-Date": moment}
        if credentials.token:
            sent["X-Amz-Security-Token"] = credentials.token
        sent["Authorization"] = self._authorization(sent, body, credentials, moment)
        return sent

    def _authorization(self, headers: Mapping[str, str], body: bytes, credentials: Credentials, moment: str) -> str:
        day = moment[:8]
        canonical = sorted((name.lower(), " ".join(value.split())) for name, value in headers.items())
        names = ";".join(name for name, _ in canonical)
        lines = "".join(f"{name}:{value}\n" for name, value in canonical)
        request = f"POST\n{self._path}\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{day}/{self._region}/{self._service}/{TERMINATOR}"
        text = f"{ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = _mac(self._day_key(credentials.secret_key, day), text).hex()
        return f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"

    def _day_key(self, secret_key: str, day: str) -> bytes:
        known, key = self._key
        if known != (secret_key, day):
            key = f"AWS4{secret_key}".encode()
            for part in (day, self._region, self._service, TERMINATOR):
                key = _mac(key, part)
            self._key = (secret_key, day), key
        return key


def host_of(url: str) -> str:
    """The ``Host`` header of requests to a URL: in lower case, the port only where it is not the scheme's own."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    return host if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def _canonical_path(path: str) -> str:
    # encoded once more than it is sent: all services but S3 want that
    return quote(normalize_url_path(path), safe="/~")


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
