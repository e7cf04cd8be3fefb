"""Platform forms: what has to be known to connect a shop or a payment provider, as data.

One form serves the window, the command line and the check of what was given. The words are for the
shop's owner, who has never made a key before.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account import AccountType
from app.domain.translation import to_translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of the form. `rare`: only for sandboxes and servers of one's own."""

    name: str
    label: str
    example: str = ""
    help: str = ""
    needed: bool = False
    rare: bool = False
    choices: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformForm:
    """A platform with its fields, its key (kept sealed, never in a setting), and the way to it."""

    type: AccountType
    title: str
    brings: str
    fields: tuple[Field, ...]
    secret: Field
    steps: tuple[str, ...]

    @property
    def every(self) -> tuple[Field, ...]:
        """The fields with the key among them: what is needed, the key, then what is rare."""
        usual = tuple(one for one in self.fields if not one.rare)
        rare = tuple(one for one in self.fields if one.rare)
        return (*usual, self.secret, *rare)


_CA_FILE = Field(
    name="ca_file",
    label=to_translate("Certificate file"),
    help=to_translate("Only for a server whose certificate comes from your own authority (PEM)."),
    rare=True,
)


def _base_url(
    example: str, why: str = to_translate("Only for a sandbox or a test server.")
) -> Field:
    return Field(
        name="base_url",
        label=to_translate("Address of the API"),
        example=example,
        help=why,
        rare=True,
    )


FORMS: dict[AccountType, PlatformForm] = {
    form.type: form
    for form in (
        PlatformForm(
            type=AccountType.SHOPIFY,
            title="Shopify",
            brings=to_translate(
                "Orders, parcels, returns, refunds, and disputes of Shopify Payments."
            ),
            fields=(
                Field(
                    name="shop",
                    label=to_translate("Shop"),
                    example="your-shop.myshopify.com",
                    help=to_translate(
                        "The name that ends in .myshopify.com; in the admin under Settings,"
                        " Domains."
                    ),
                    needed=True,
                ),
                Field(
                    name="client_id",
                    label=to_translate("Client ID"),
                    help=to_translate(
                        "Of your app in the Dev Dashboard. Leave it empty if you have a "
                        "permanent token that begins with shpat_."
                    ),
                ),
                _base_url("https://your-shop.myshopify.com"),
                _CA_FILE,
            ),
            secret=Field(
                name="secret",
                label=to_translate("Client secret, or shpat_ token"),
                secret=True,
                needed=True,
            ),
            steps=(
                to_translate("Open dev.shopify.com with your shop's account and create an app."),
                (
                    to_translate(
                        "In the app make a version with these scopes: read_orders, "
                        "read_customers, read_returns, read_shopify_payments_disputes. Add "
                        "read_all_orders if orders older than 60 days matter to you."
                    )
                ),
                to_translate("Release the version, and install the app on your own shop."),
                to_translate(
                    "In the app's Settings copy the Client ID and the Client secret into this form."
                ),
                (
                    to_translate(
                        "If you have an older custom app made in the admin, its permanent "
                        "token (shpat_…) goes into the last field, and the Client ID stays "
                        "empty."
                    )
                ),
            ),
        ),
        PlatformForm(
            type=AccountType.WOOCOMMERCE,
            title="WooCommerce",
            brings=to_translate("Orders, refunds, and parcels where your shop keeps them."),
            fields=(
                Field(
                    name="base_url",
                    label=to_translate("Shop address"),
                    example="https://your-shop.example",
                    help=to_translate(
                        "The address of your WordPress, with the folder if it lies in one."
                    ),
                    needed=True,
                ),
                Field(
                    name="client_id",
                    label=to_translate("Consumer key"),
                    example="ck_…",
                    needed=True,
                ),
                Field(
                    name="insist_http",
                    label=to_translate("Ask without encryption"),
                    help=to_translate(
                        "yes only for a shop that has no https: everybody on the way can "
                        "read the orders. The key itself is not sent, requests are signed "
                        "with it."
                    ),
                    rare=True,
                    choices=("no", "yes"),
                ),
                _CA_FILE,
            ),
            secret=Field(
                name="secret",
                label=to_translate("Consumer secret"),
                example="cs_…",
                secret=True,
                needed=True,
            ),
            steps=(
                to_translate("In WordPress open WooCommerce, Settings, Advanced, REST API."),
                (
                    to_translate(
                        "Add a key: a description of your choice, a user who may see "
                        "orders, and the permission Read. Frontburner never changes "
                        "anything in your shop."
                    )
                ),
                (
                    to_translate(
                        "Copy the Consumer key and the Consumer secret into this form. The "
                        "secret is shown only once."
                    )
                ),
            ),
        ),
        PlatformForm(
            type=AccountType.STRIPE,
            title="Stripe",
            brings=to_translate(
                "Disputes, inquiries, early fraud warnings, and payments that fail."
            ),
            fields=(_base_url("https://api.stripe.com"), _CA_FILE),
            secret=Field(
                name="secret",
                label=to_translate("Restricted key"),
                example="rk_live_…",
                help=to_translate(
                    "A secret key (sk_live_…) works too, but may do far more than is needed."
                ),
                secret=True,
                needed=True,
            ),
            steps=(
                to_translate("In the Stripe dashboard open Developers, API keys."),
                (
                    to_translate(
                        "Create a restricted key. Give Read on Disputes, on Charges and "
                        "Refunds, on PaymentIntents, on Customers, on Events, and on Radar "
                        "(early fraud warnings); None on all else."
                    )
                ),
                to_translate("Copy the key (rk_live_…) into this form. Stripe shows it only once."),
            ),
        ),
        PlatformForm(
            type=AccountType.PAYPAL,
            title="PayPal",
            brings=to_translate("Disputes and claims of your business account, with their dates."),
            fields=(
                Field(name="client_id", label=to_translate("Client ID"), needed=True),
                _base_url("https://api-m.sandbox.paypal.com"),
                _CA_FILE,
            ),
            secret=Field(name="secret", label=to_translate("Secret"), secret=True, needed=True),
            steps=(
                (
                    to_translate(
                        "Open developer.paypal.com with your business account: Apps and "
                        "Credentials, and there Live, not Sandbox."
                    )
                ),
                to_translate(
                    "Create an app, and tick Disputes (Customer Disputes) among its features."
                ),
                to_translate("Copy the Client ID and the Secret into this form."),
            ),
        ),
    )
}


def form_of(kind: AccountType) -> PlatformForm | None:
    """The form of a platform, or None for a mailbox."""
    return FORMS.get(kind)
