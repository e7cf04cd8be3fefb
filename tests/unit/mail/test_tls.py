"""Whose certificates are believed."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from app.config.system import has_authorities
from app.domain.errors import CertificateRejected
from app.mail.tls import trusted


@pytest.fixture
def a_python_without_authorities(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As python.org's is on macOS, and that of a bundle on a system other than it was built on."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert ssl.create_default_context().cert_store_stats()["x509_ca"] == 0


@pytest.mark.skipif(not Path("/etc/ssl/certs/ca-certificates.crt").exists(), reason="no Debian")
@pytest.mark.usefixtures("a_python_without_authorities")
def test_the_machines_authorities_are_believed_whatever_python_itself_knows() -> None:
    """No mailbox could be connected on a Mac: its servers came from "an authority that this machine
    does not know"."""
    context = trusted()
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="imap.example.com")
    assert context._ctx.cert_store_stats()["x509_ca"] > 50  # type: ignore[attr-defined]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.usefixtures("a_python_without_authorities")
def test_only_linux_may_be_without_authorities() -> None:
    """The doctor told owners of a Mac to install a package of Debian's."""
    assert has_authorities(platform="darwin")
    assert has_authorities(platform="win32")


def test_a_file_without_certificates_is_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(CertificateRejected, match="could not be read"):
        trusted(str(tmp_path / "ca.pem"))
    with pytest.raises(CertificateRejected, match="could not be read"):
        trusted(str(tmp_path / "none.pem"))
