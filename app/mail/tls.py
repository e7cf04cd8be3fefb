"""TLS: the one place that says which certificates are trusted. First step of every connection."""

from __future__ import annotations

import ssl

import truststore

from app.domain.errors import CertificateRejected
from app.domain.translation import tr


def trusted(ca_file: str = "") -> ssl.SSLContext:
    """Verifies name and chain by the machine's own authorities, or only by those in `ca_file`.

    OpenSSL alone knows none on macOS, on Windows only those that were met before, and in a bundle
    it looks for them where the system that built it has them.

    Raises CertificateRejected when the file cannot be read as certificates.
    """
    try:
        context = _of_the_file(ca_file) if ca_file else _of_the_machine()
    except (OSError, ValueError) as error:
        raise CertificateRejected(
            tr("The certificate file {ca_file} could not be read", ca_file=ca_file),
            str(getattr(error, "strerror", "") or tr("It holds no certificate in PEM form.")),
            tr("Choose the certificate file of your own server again."),
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _of_the_file(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


def _of_the_machine() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
