# loop: filled in by its files
