# unit tests of src/daemon
