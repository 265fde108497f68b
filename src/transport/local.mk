# transport: filled in by its files
