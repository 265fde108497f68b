# unit tests of src/sched
