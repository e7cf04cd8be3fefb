"""TLS: the one place that says which certificates are trusted. First step of every connection."""

from __future__ import annotations

import ssl

from app.domain.errors import CertificateRejected
from app.domain.translation import tr


def trusted(ca_file: str = "") -> ssl.SSLContext:
    """Verifies name and chain by the machine's own authorities, or only by those in `ca_file`.

    Raises CertificateRejected when the file cannot be read as certificates.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as error:
        raise CertificateRejected(
            tr("The certificate file {ca_file} could not be read", ca_file=ca_file),
            str(getattr(error, "strerror", "") or tr("It holds no certificate in PEM form.")),
            tr("Choose the certificate file of your own server again."),
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
