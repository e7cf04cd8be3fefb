"""A certificate file that cannot be read: nobody was asked, so nobody refused anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import CertificateRejected
from app.mail import tls
from app.platforms import http


@pytest.mark.parametrize("trusted", [tls.trusted, http.trusted])
def test_a_lost_certificate_file_asks_its_owner_and_names_what_to_choose(trusted, tmp_path: Path):
    """A reply waits for it then, as for a password; before, it counted as refused for good."""
    with pytest.raises(CertificateRejected) as caught:
        trusted(str(tmp_path / "gone.crt"))
    assert "could not be read" in caught.value.title
    assert caught.value.hint.startswith("Choose the certificate file of your own server again")
    assert not caught.value.retry
