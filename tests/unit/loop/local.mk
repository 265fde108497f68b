# unit tests of src/loop
