# unit tests of src/lab
