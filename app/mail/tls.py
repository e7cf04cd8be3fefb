"""TLS: the one place that says which certificates are trusted. First step of every connection."""

from __future__ import annotations

import ssl

from app.domain.errors import KnownError


def trusted(ca_file: str = "") -> ssl.SSLContext:
    """Verifies name and chain by the machine's own authorities, or only by those in `ca_file`.

    Raises KnownError when the file cannot be read as certificates.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as error:
        raise KnownError(
            f"The certificate file {ca_file} could not be read",
            str(getattr(error, "strerror", "") or "It holds no certificate in PEM form."),
            "Set ca_file to the file with the certificate of your own authority.",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
