# soap: filled in by its files
