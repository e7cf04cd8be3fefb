"""Platforms: shops and payment providers, from what they answer to orders and disputes."""
