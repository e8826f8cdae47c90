"""Commands that need pages: serve, work with mail, demo."""
