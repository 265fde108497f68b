# unit tests of src/sip
