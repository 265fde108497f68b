# unit tests of src/alert
