# unit tests of src/txn
