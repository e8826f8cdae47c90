"""The engine against its rivals: cases, contenders, each measured in a process of its own."""
