# crypto: filled in by its files
