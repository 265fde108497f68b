# cmd: filled in by its files
