# sip: filled in by its files
