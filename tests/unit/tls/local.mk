# unit tests of src/tls
