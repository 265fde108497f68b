# unit tests of src/soap
