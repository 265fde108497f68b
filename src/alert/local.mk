# alert: filled in by its files
