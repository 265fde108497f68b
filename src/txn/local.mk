# txn: filled in by its files
