"""The one way to a platform: bounded, patient, and silent about keys and addresses."""

from __future__ import annotations

import gzip
import logging
import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain.clock import SystemClock
from app.domain.errors import Busy, CertificateRejected, KnownError, Unreachable
from app.platforms.entered import checked_root
from app.platforms.http import PlatformHttp
from tests.support.certificates import Authority
from tests.support.feed_desk import QUICK
from tests.support.platform_server import Asked, Fault, PlatformServer, Told

SECRET = "cs_very_secret"


class Echo(PlatformServer):
    """Says what it was asked."""

    def answer(self, asked: Asked) -> Told:
        return Told(data={"path": asked.path, "query": asked.query, "n": 1.10})


@pytest.fixture
def echo(authority: Authority) -> Iterator[Echo]:
    with Echo(authority.leaf()) as server:
        yield server


@pytest.fixture
def http(echo: Echo, authority: Authority) -> Iterator[PlatformHttp]:
    made = PlatformHttp(
        echo.url, name="Shop", clock=SystemClock(), ca_file=str(authority.ca_file), manners=QUICK
    )
    yield made
    made.close()


def test_amounts_stay_as_they_were_written(http: PlatformHttp):
    """A number with decimals is never a float."""
    assert str(http.get("/x").data["n"]) == "1.1"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(http: PlatformHttp, echo: Echo, status: int):
    echo.faults += [Fault(status=status), Fault(status=status)]
    assert http.get("/x").is_ok
    assert len(echo.asked) == 3


def test_it_gives_up_after_its_tries(http: PlatformHttp, echo: Echo):
    echo.faults += [Fault(status=502)] * 9
    with pytest.raises(Unreachable):
        http.get("/x")
    assert len(echo.asked) == QUICK.tries


def test_what_may_not_be_repeated_is_not(http: PlatformHttp, echo: Echo):
    echo.faults.append(Fault(status=502))
    with pytest.raises(Unreachable):
        http.post("/x", body={}, repeatable=False)
    assert len(echo.asked) == 1


def test_case_106_a_wait_longer_than_the_run_is_handed_on(http: PlatformHttp, echo: Echo):
    """Whoever asks next knows for how long not to; a day becomes fifteen minutes."""
    echo.faults.append(Fault(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(Busy) as error:
        http.get("/x")
    assert error.value.seconds == 900
    assert len(echo.asked) == 1


def test_case_106_zero_is_at_once(http: PlatformHttp, echo: Echo):
    echo.faults.append(Fault(status=503, headers={"Retry-After": "0"}))
    assert http.get("/x").is_ok


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=502, raw=b"<html><h1>502</h1></html>", content_type="text/html"),
        Fault(status=200, raw=b'{"orders": [{"id": 1', content_type="application/json"),
        Fault(status=200, raw=b'{"n": NaN}'),
        Fault(status=200, raw=b"x" * 50, cut=10),
        Fault(status=200, raw=b"\x1f\x8bnothing", headers={"Content-Encoding": "gzip"}),
        Fault(status=200, raw=b"{}", headers={"Content-Encoding": "br"}),
    ],
    ids=["html", "truncated", "nan", "cut", "broken gzip", "other packing"],
)
def test_case_107_an_answer_that_is_none_is_tried_again(
    http: PlatformHttp, echo: Echo, fault: Fault
):
    echo.faults.append(fault)
    assert http.get("/x").is_ok
    echo.faults += [fault] * 9
    with pytest.raises(Unreachable):
        http.get("/x")


def test_case_107_a_gzip_bomb_is_left_at_the_bound(http: PlatformHttp, echo: Echo):
    """Two hundred kilobytes that unpack to two hundred megabytes: 32 MB are too many."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    echo.faults += [Fault(status=200, raw=bomb, headers={"Content-Encoding": "gzip"})] * 9
    with pytest.raises(Unreachable, match="longer than 32 MB"):
        http.get("/x")


def test_a_packed_answer_is_read(http: PlatformHttp, echo: Echo):
    raw = gzip.compress(b'{"n": 7}')
    echo.faults.append(Fault(status=200, raw=raw, headers={"Content-Encoding": "gzip"}))
    assert http.get("/x").data == {"n": 7}


def test_json_that_a_cache_passes_on_as_a_web_page_is_read(http: PlatformHttp, echo: Echo):
    """WP Super Cache and WP Rocket call all that they keep text/html."""
    echo.faults.append(Fault(status=200, raw=b'[{"n": 7}]', content_type="text/html"))
    assert http.get("/x").data == [{"n": 7}]


def test_what_php_remarks_before_an_answer_is_passed_over(http: PlatformHttp, echo: Echo):
    """Hosts that show mistakes write those of every plug-in before the JSON."""
    remark = b"<br />\n<b>Deprecated</b>:  $x is gone in <b>/a/b.php</b> on line <b>7</b><br />\n"
    for sort in ("application/json", "text/html"):
        echo.faults.append(Fault(status=200, raw=remark * 2 + b'{"n": 7}', content_type=sort))
        assert http.get("/x").data == {"n": 7}


def test_a_redirect_within_the_host_is_followed(http: PlatformHttp, echo: Echo):
    echo.faults.append(Fault(status=301, headers={"Location": "/wp-json/there"}))
    told = http.get("/x", [("a", "b")]).data
    assert (told["path"], told["query"]) == ("/wp-json/there", {"a": "b"})


@pytest.mark.parametrize("where", ["https://elsewhere.example/x", "http://127.0.0.1/x"])
def test_case_113_a_redirect_to_another_host_or_to_http_is_not(
    http: PlatformHttp, echo: Echo, where: str
):
    """The key would go with it."""
    echo.faults.append(Fault(status=302, headers={"Location": where}))
    with pytest.raises(KnownError, match="sends us from"):
        http.get("/x", headers={"Authorization": SECRET})
    assert len(echo.asked) == 1


def test_neither_key_nor_address_is_in_a_log_or_an_error(
    http: PlatformHttp, echo: Echo, caplog: pytest.LogCaptureFixture
):
    """Not even at the level of debugging, from any library."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    echo.faults += [Fault(status=500), Fault(status=200, raw=b"{", cut=1)]
    http.get("/path-of-ours", [("consumer_secret", SECRET)])
    echo.faults += [Fault(status=503)] * 9
    with pytest.raises(Unreachable) as error:
        http.get("/path-of-ours", [("consumer_secret", SECRET)])
    ours = [one for one in caplog.records if not one.name.startswith("httpcore2")]
    said = "\n".join(one.getMessage() for one in ours) + str(error.value)
    assert SECRET not in said
    assert "path-of-ours" not in said


def test_a_clock_that_is_wrong_is_noticed(
    http: PlatformHttp, echo: Echo, caplog: pytest.LogCaptureFixture
):
    """By the Date of an answer; from five minutes on it is said, once."""
    http.get("/x")
    assert abs(http.skew) < timedelta(minutes=5)
    echo.ahead = timedelta(minutes=7)
    http.get("/x")
    http.get("/x")
    assert abs(http.skew - timedelta(minutes=7)) < timedelta(minutes=1)
    assert caplog.text.count("differ by") == 1


def test_an_end_ends_every_wait(http: PlatformHttp, echo: Echo):
    """The program closes while a platform asks for a minute."""
    stop = threading.Event()
    echo.faults += [Fault(status=429, headers={"Retry-After": "50"})]
    echo.between = stop.set
    with pytest.raises(Unreachable), http.run(stop):
        http.get("/x")


def test_who_cannot_prove_to_be_the_shop_hears_nothing(echo: Echo):
    made = PlatformHttp(echo.url, name="Shop", clock=SystemClock(), manners=QUICK)
    with pytest.raises(CertificateRejected):
        made.get("/x", headers={"Authorization": SECRET})
    assert echo.asked == []
    made.close()


@pytest.mark.parametrize(
    "told", ["", "ftp://shop.example", "https://user:pass@shop.example", "https://shop.example/?x"]
)
def test_an_address_that_is_none_is_refused(told: str):
    with pytest.raises(KnownError):
        checked_root(told)
    assert checked_root("shop.example/blog/") == "https://shop.example/blog"
