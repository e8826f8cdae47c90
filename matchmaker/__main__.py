"""``python -m matchmaker``: every command that needs no web framework."""

from matchmaker.cli import main

if __name__ == "__main__":
    main()
