# tls: filled in by its files
