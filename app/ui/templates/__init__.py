"""The texts to begin a reply with: listed, edited with a preview, imported."""
