"""Shopify key: the token that goes with each request, of either kind.

A custom app made in the admin has one for good (shpat_…). An app of the Dev Dashboard has a client
id and a secret, which are exchanged for a token of 24 hours; it is kept in memory only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.clock import Clock
from app.domain.errors import KnownError, SignInRefused
from app.domain.translation import tr
from app.platforms import failures
from app.platforms.http import PlatformHttp
from app.platforms.reading import table, text, whole

_RENEW = timedelta(hours=1)  # before its end
_LIFE = timedelta(hours=24)


class ShopifyKey:
    """Gives the token of now."""

    def __init__(self, http: PlatformHttp, *, client_id: str, secret: str, clock: Clock) -> None:
        self._http = http
        self._client_id = client_id
        self._secret = secret
        self._clock = clock
        self._token = ""
        self._ends_at: datetime | None = None
        self.exchanges = 0  # with a new token may come other scopes

    @property
    def renews(self) -> bool:
        """Whether there is another token to be had when this one is refused."""
        return bool(self._client_id)

    def token(self, *, refused: bool = False) -> str:
        """The token; a new one where it ends within the hour or was `refused`. Or KnownError."""
        if not self._client_id:
            return self._secret
        now = self._clock.now()
        if refused or self._ends_at is None or self._ends_at - now < _RENEW:
            self._exchange(now)
        return self._token

    def _exchange(self, now: datetime) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret,
        }
        answer = self._http.post("/admin/oauth/access_token", form=form)
        told = table(answer.data)
        token = text(told.get("access_token"))
        if answer.is_ok and token:
            life = whole(told.get("expires_in"))
            self._token = token
            self.exchanges += 1
            self._ends_at = now + (timedelta(seconds=life) if life > 0 else _LIFE)
            return
        raise self._refusal(answer.status, text(told.get("error")), is_page=answer.is_page)

    def _refusal(self, status: int, code: str, *, is_page: bool) -> KnownError:
        if code == "shop_not_permitted":
            return SignInRefused(
                tr("Shopify does not let this app into this shop"),
                tr(
                    "The app and the shop belong to different organisations, or it is not installed"
                ),
                tr("Install the app on the shop, from the same account that owns both."),
            )
        if status == 404:
            return failures.no_shop(self._http.host)
        if is_page and status not in (400, 401, 403):
            return failures.web_page("Shopify", self._http.host, status)
        return failures.refused("Shopify", status, code.replace("_", " "))
