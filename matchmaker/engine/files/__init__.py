"""A market on disk: folders of CSV and files of columns, read, checked and written."""
