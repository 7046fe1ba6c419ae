"""A small issuer on this machine (OpenID Connect): it says of people whatever a test wants it to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET, KEY_ID = "said-and-done", "a-secret-between-us", "one"


class Issuer:
    """What it is asked for, and what it answers; `claims` replace those that it makes by itself."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.address = ""
        self.key = self.published = OURS

    def answer(self, path: str) -> dict[str, Any]:
        """What stands at an address of it."""
        at = self.address
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key()))
        found: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorise",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/person",
                "jwks_uri": f"{at}/keys",
            },
            "/keys": {"keys": [public | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}]},
            "/token": {"access_token": "a-token", "token_type": "Bearer", "id_token": self._token()},
            "/person": {"sub": "person-1", **self.claims},
        }
        return found[path]

    def _token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 60,
            **self.claims,
        }
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": KEY_ID})


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers while this lasts."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        """Answers from `issuer`."""

        def do_GET(self) -> None:
            """Write the answer; what was sent is read first."""
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(issuer.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            """Answer as otherwise."""
            self.do_GET()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
