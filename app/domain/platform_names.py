"""Platform names: what a shop's or a payment provider's platform is called, as people write it."""

from __future__ import annotations

_NAMES = {
    "stripe": "Stripe",
    "paypal": "PayPal",
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
}


def platform_word(platform: str) -> str:
    """The name of a platform; one that nobody told us about is called as it calls itself."""
    return _NAMES.get(platform, platform.capitalize())
