"""Platforms: shops and payment providers, from their bytes to orders and disputes."""
