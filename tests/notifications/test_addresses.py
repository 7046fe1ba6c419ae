"""Which addresses may be called, and that the one that was judged is the one that is dialled."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications import addresses, outside
from notifications.addresses import NotReached, Target
from notifications.outside import Outside
from tests.notifications.receiving import receiver

CASES = Path(__file__).resolve().parents[3] / "shared/data/vectors/ssrf_cases.json"
GOOD = "93.184.215.14"


def judged(url: str, stands_for: list[str]) -> bool:
    try:
        addresses.check_all(stands_for, addresses.read(url))
    except NotReached:
        return False
    return True


@pytest.mark.skipif(not CASES.exists(), reason="the shared vectors are not beside this repository")
def test_every_shared_case_is_judged_as_it_says() -> None:
    cases = json.loads(CASES.read_text())
    assert len(cases) > 40
    wrong = [case for case in cases if judged(case["url"], case["resolves_to"]) != case["allowed"]]
    assert wrong == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "HTTPS://hooks.example.org/", " https://hooks.example.org/", "https:///x",
        "https://user:pass@hooks.example.org/", "https://hooks.example.org/#part", "https://hooks.example.org:22/",
        "https://hooks.example.org:443443/", "https://hooks.example.org:/", "https://hooks.example.org:00443/",
        "https://127.0.0.1/", "https://127.1/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://017700000001/",
        "https://93.184.215.14/", "https://[2606:2800:21f::1]/", "https://[::1]/", "https://[::]/", "https://intranet/",
        "https://db.internal/", "https://printer.local/", "https://1.0.0.127.in-addr.arpa/", "https://a..example.org/",
        "https://.example.org/", "https://-a.example.org/", "https://a_b.example.org/", "https://xn--.example/",
        "https://ab--cd.example.org/", "https://xn--abc-.example/", "https://hooks.example.org/\t",
        "https://hooks.example.org/\n", "https://hooks.example.org/a b", "https://hooks。example。org/",
        "https://①②⑦.0.0.1/", "https://example.0x1/", "https://" + "a" * 64 + ".example.org/",
        "https://hooks.example.org/" + "a" * 500, "https://" + "a." * 130 + "org/", "gopher://hooks.example.org/",
        "https:\\\\hooks.example.org/", "https://hooks.example.org\x00.evil.org/", "", "https://",
        "https://hooks.example.org./", "https://localhost./", "https://1.1.1.1./", "https://0x7f.1/", "https://1.1/",
        "https://hooks.example.org%00.evil.org/", "https://hooks.example.org%2f@10.0.0.1/", "https://[::ffff:7f00:1]/",
        "https://hooks.example.org:443:80/", "https://hooks.example.org:+443/", "https://hooks.example.org:４４３/",
        "https://hooks.example.org:-443/", "https://hooks.example.org\u2024evil.org/", "https://[fe80::1%25eth0]/",
        "https://hooks.example.org/\u2028", "https://hooks.example.org/\r", "https://metadata.google.internal/",
        "https://example.onion/", "https://example.invalid/", "https://kubernetes.default.svc.cluster.local/",
        "https://hooks.example.org?x=\n", "https://hooks.example.org#@10.0.0.1/", "https:hooks.example.org/",
    ],
)  # fmt: skip
def test_what_is_not_plainly_a_public_https_address_is_refused(url: str) -> None:
    assert not judged(url, [GOOD])


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "192.0.0.8", "192.0.2.1", "192.31.196.1", "192.52.193.1",
        "192.168.1.1", "192.175.48.6", "198.19.255.255", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "::ffff:0:127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b::5db8:d70e", "64:ff9b:1:fffe::a00:1", "100::", "2001::1",
        "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2620:4f:8000::1",
        "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:2800:21f::1%1",
        "fec0::1", "ff02::1", "not an address", "",
        "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe::",
        "::169.254.169.254", "fd20:ce::254", "fe80::a9fe:a9fe", "2130706433", "0177.0.0.1", "127.1",
        "127.0.0.1 ", "::1%lo", "ff0e::1", "192.88.99.1", "198.18.0.1", "198.51.100.7",
        "233.252.0.1", "93.184.215.14/32",
    ],
)  # fmt: skip
def test_no_inner_special_or_translated_address_is_called(address: str) -> None:
    assert not judged("https://hooks.example.org/", [address])
    assert not judged("https://hooks.example.org/", [GOOD, address])


@pytest.mark.parametrize("address", [GOOD, "2606:2800:21f::1", "1.1.1.1"])
def test_ordinary_addresses_are_called(address: str) -> None:
    assert judged("https://hooks.example.org/x?y=1", [address])


def test_a_name_that_stands_for_nothing_and_networks_of_the_operator_are_refused(settings: Any) -> None:
    assert not judged("https://hooks.example.org/", [])
    settings.WEBHOOK_REFUSED_NETWORKS = ["93.184.0.0/16", "2606:2800::/32"]
    assert not judged("https://hooks.example.org/", [GOOD])
    assert not judged("https://hooks.example.org/", ["2606:2800:21f::1"])


def test_this_machine_is_called_in_development_alone(settings: Any) -> None:
    assert not judged("http://127.0.0.1:9000/", ["127.0.0.1"])
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    assert judged("http://127.0.0.1:9000/", ["127.0.0.1"])
    assert not judged("http://localhost:9000/", ["127.0.0.1", "10.0.0.1"])
    assert not judged("https://evil.example.org/", ["127.0.0.1"])
    assert not judged("http://10.0.0.1:9000/", ["10.0.0.1"])


# --- With real sockets: 127.0.0.2 stands for the world, 127.0.0.3 for what is inside.

OPENSSL = shutil.which("openssl") or "openssl"
WORLD, INSIDE, NAME = "127.0.0.2", "127.0.0.3", "hooks.example.org"


def only_the_world(found: list[str], target: Target) -> list[str]:
    """The judge, with one address of this machine let through."""
    assert not target.near
    if not found or set(found) - {WORLD}:
        raise NotReached("address_not_allowed")
    return found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: Any) -> Path:
    path: Path = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", path, "-out",
         f"{path}.crt", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


class Served:
    """A TLS server that answers each connection with `say`."""

    def __init__(self, certificate: Path, host: str, say: Any) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificate}.crt", certificate)
        context.sni_callback = lambda _line, name, _context: self.names.append(name or "")
        self.names: list[str] = []
        self.asked: list[bytes] = []
        self.context, self.say = context, say
        self.listening = socket.create_server((host, 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        try:
            with self.context.wrap_socket(line, server_side=True) as safe:
                asked = safe.recv(65536)
                while asked and not asked.endswith(b"{}"):
                    asked += safe.recv(65536)
                self.asked.append(asked)
                self.say(safe)
        except OSError:
            return


def plain(line: ssl.SSLSocket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@pytest.fixture
def serve(certificate: Path, settings: Any) -> Iterator[Any]:
    made: list[Served] = []

    def serving(say: Any = plain, host: str = WORLD) -> Served:
        made.append(Served(certificate, host, say))
        settings.WEBHOOK_PORTS = [one.port for one in made]
        return made[-1]

    yield serving
    for one in made:
        one.listening.close()


def asking(certificate: Path, resolve: Any = None, seconds: float = 3.0) -> Outside:
    return Outside(resolve or (lambda _host, _port: [WORLD]), only_the_world, f"{certificate}.crt", seconds)


def test_the_name_is_in_the_handshake_the_header_and_the_certificate(serve: Any, certificate: Path) -> None:
    server = serve()
    answer = asking(certificate).post(f"https://{NAME}:{server.port}/hook?a=1", b"{}", {"x-one": "1"})
    assert answer.status == 200
    assert server.names == [NAME]
    assert server.asked[0].startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert f"\r\nHost: {NAME}:{server.port}\r\n".encode() in server.asked[0]
    assert server.asked[0].count(b"Host:") == 1


def test_a_certificate_of_another_name_or_of_nobody_is_refused(serve: Any, certificate: Path) -> None:
    server = serve()
    with pytest.raises(NotReached) as why:
        asking(certificate).post(f"https://other.example.org:{server.port}/", b"{}", {})
    assert why.value.code == "certificate"
    trusting_nobody = Outside(lambda _host, _port: [WORLD], only_the_world, None, 3.0)
    with pytest.raises(NotReached) as why:
        trusting_nobody.post(f"https://{NAME}:{server.port}/", b"{}", {})
    assert why.value.code == "certificate"
    assert not any(server.asked)


def test_a_name_that_changes_between_judging_and_dialling_gains_nothing(
    serve: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [[WORLD], [INSIDE], [INSIDE]]
    dialled: list[str] = []
    real = socket.getaddrinfo

    def resolve(*_arguments: Any) -> list[str]:
        return answers.pop(0)

    def noted(host: Any, *arguments: Any, **options: Any) -> Any:
        dialled.append(host)
        return real(host, *arguments, **options)

    inside, world = serve(host=INSIDE), None
    world = serve(host=WORLD)
    monkeypatch.setattr(socket, "getaddrinfo", noted)
    url = f"https://{NAME}:{world.port}/"
    assert asking(certificate, resolve).post(url, b"{}", {}).status == 200
    assert (len(answers), set(dialled)) == (2, {WORLD})
    with pytest.raises(NotReached):
        asking(certificate, resolve).post(url, b"{}", {})
    with pytest.raises(NotReached):
        asking(certificate, lambda *_a: [WORLD, INSIDE]).post(url, b"{}", {})
    assert (inside.asked, len(world.asked)) == ([], 1)


def test_a_redirect_to_an_inner_address_is_not_followed(serve: Any, certificate: Path) -> None:
    with receiver(INSIDE) as inner:
        for status in (301, 302, 303, 307, 308):
            moved = f"HTTP/1.1 {status} X\r\nLocation: {inner.address}\r\nContent-Length: 0\r\n\r\n".encode()
            server = serve(lambda line, moved=moved: line.sendall(moved))
            assert asking(certificate).post(f"https://{NAME}:{server.port}/", b"{}", {}).status == status
        assert inner.got == []


def drip(*before: bytes) -> Any:
    def say(line: ssl.SSLSocket) -> None:
        for part in before:
            line.sendall(part)
        for _ in range(200):
            line.sendall(b"x")
            time.sleep(0.05)

    return say


def test_headers_that_drip_for_ever_end_at_the_deadline(serve: Any, certificate: Path) -> None:
    server = serve(drip(b"HTTP/1.1 200 OK\r\nX: "))
    began = time.monotonic()
    with pytest.raises(NotReached) as why:
        asking(certificate, seconds=0.8).post(f"https://{NAME}:{server.port}/", b"{}", {})
    assert why.value.code == "too_slow"
    assert time.monotonic() - began < 3


def test_a_body_that_drips_or_never_ends_is_left_and_its_status_counts(
    serve: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "ENDING_SECONDS", 0.3)
    sent = [0]

    def flood(line: ssl.SSLSocket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(4000):
            sent[0] += line.send(b"x" * 65536)

    for say in (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), flood):
        server = serve(say)
        began = time.monotonic()
        assert asking(certificate).post(f"https://{NAME}:{server.port}/", b"{}", {}).status == 200
        assert time.monotonic() - began < 2.5
    time.sleep(0.2)
    assert sent[0] < 50_000_000


def test_silence_a_shut_door_and_a_slow_resolver_are_said_in_a_word(
    serve: Any, certificate: Path, settings: Any
) -> None:
    server = serve(lambda _line: time.sleep(3))
    with pytest.raises(NotReached) as why:
        asking(certificate, seconds=0.5).post(f"https://{NAME}:{server.port}/", b"{}", {})
    assert why.value.code == "too_slow"
    with socket.create_server((WORLD, 0)) as shut:
        port = shut.getsockname()[1]
    settings.WEBHOOK_PORTS = [port]
    with pytest.raises(NotReached) as why:
        asking(certificate).post(f"https://{NAME}:{port}/", b"{}", {})
    assert why.value.code == "no_connection"
    with pytest.raises(NotReached) as why:
        asking(certificate, lambda *_a: time.sleep(2), 0.4).post(f"https://{NAME}:{port}/", b"{}", {})
    assert why.value.code == "resolver_too_slow"


def test_proxies_of_the_environment_are_not_asked(
    serve: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    with receiver() as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert asking(certificate).post(f"https://{NAME}:{server.port}/", b"{}", {}).status == 200
        assert proxy.got == []
