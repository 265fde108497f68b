# report: filled in by its files
