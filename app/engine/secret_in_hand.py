"""SecretInHand: what an account signs in with before anything of the account is kept."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import SecretsMissing
from app.domain.translation import tr


@dataclass(slots=True)
class SecretInHand:
    """The secret of an account that is not kept yet; a token that is renewed while the account is
    tried takes its place."""

    name: str
    secret: str

    def read(self) -> str:
        """The secret. Raises SecretsMissing where there is none."""
        if not self.secret:
            raise not_known(self.name)
        return self.secret

    def replace(self, before: str, after: str) -> bool:
        """Put another secret there, unless somebody has done so since it was read."""
        if self.secret != before:
            return False
        self.secret = after
        return True


def not_known(name: str) -> SecretsMissing:
    """What is said where an account has no secret."""
    return SecretsMissing(
        tr("The password of {name} is not known", name=name),
        hint=tr("Sign in again: in the window under Settings, or with `account sign-in`."),
    )
