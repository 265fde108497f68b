# lab: filled in by its files
