# config: filled in by its files
