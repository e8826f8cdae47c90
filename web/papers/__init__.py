"""The papers of the service, one module each audience; ``web.pdf`` sets them."""
