# daemon: filled in by its files
