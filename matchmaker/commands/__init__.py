"""The commands of matchmaker.cli, one file a subject: parse, call a service, print."""
