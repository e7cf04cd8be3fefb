"""What a file of settings or rules says."""

from __future__ import annotations

from app.config import toml_text
from app.config.settings import read_settings, write_setting


def test_a_byte_order_mark_is_no_fault(tmp_path):
    """As some editors put one before what they save: every setting would have its default."""
    assert toml_text.loads("\ufeffa = 1") == {"a": 1}
    file = tmp_path / "settings.toml"
    file.write_bytes(b'\xef\xbb\xbf# mine\nshop_name = "Mill & Moss"\n')
    assert read_settings(file)[0].shop_name == "Mill & Moss"
    assert write_setting(file, "agent_name", "Jo").shop_name == "Mill & Moss"
    assert file.read_text("utf-8").startswith("# mine")
