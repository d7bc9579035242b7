"""Visit a running server as a person does with forms and links, or as a program does with a key."""

import json
import re
import uuid
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Somebody at the server: keeps cookies, follows redirects, remembers where the last page was."""

    def __init__(self, url: str) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._root = url
        self.address = url
        self.status = 0
        self.page = ""

    def log_in(self, email: str, password: str) -> "Visitor":
        """Go through the log-in form."""
        self.look("/login")
        return self.send("/login", {"username": email, "password": password})

    def look(self, path: str) -> "Visitor":
        """Open a page."""
        return self._ask(Request(urljoin(self._root, path)))

    def send(self, path: str, fields: dict[str, str], *, file: Path | None = None) -> "Visitor":
        """Send the form of the page that is open, with its CSRF token."""
        found = _TOKEN.search(self.page)
        fields = {**fields, "csrfmiddlewaretoken": found.group(1) if found else ""}
        body, kind = _multipart(fields, file) if file else (urlencode(fields).encode(), _FORM)
        return self._ask(Request(urljoin(self._root, path), data=body, headers={"Content-Type": kind}))

    def _ask(self, request: Request) -> "Visitor":
        request.add_header("Accept-Language", "en")
        request.add_header("Referer", self.address)
        try:
            with self._opener.open(request, timeout=30) as answer:
                self.status, self.address, self.page = answer.status, answer.url, answer.read().decode()
        except HTTPError as error:
            self.status, self.page = error.code, error.read().decode()
        return self


def get_json(url: str, *, key: str) -> Any:
    """Ask the API as a program does."""
    request = Request(url, headers={"Authorization": f"Bearer {key}"})
    with build_opener().open(request, timeout=30) as answer:
        return json.load(answer)


_FORM = "application/x-www-form-urlencoded"


def _multipart(fields: dict[str, str], file: Path) -> tuple[bytes, str]:
    line = uuid.uuid4().hex
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        "Content-Type: text/csv\r\n\r\n".encode()
        + file.read_bytes()
        + f"\r\n--{line}--\r\n".encode()
    )
    return b"".join(parts), f"multipart/form-data; boundary={line}"
