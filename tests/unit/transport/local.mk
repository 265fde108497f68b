# unit tests of src/transport
