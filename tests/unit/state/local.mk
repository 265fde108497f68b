unit_tests += \
	tests/unit/state/test_writer \
	tests/unit/state/test_incident \
	tests/unit/state/test_state \
	tests/unit/state/test_statefile \
	tests/unit/state/test_statefile_read
tests_unit_state_test_writer_SOURCES = tests/unit/state/test_writer.c $(fake_gate) $(tls_test_certs)
tests_unit_state_test_incident_SOURCES = tests/unit/state/test_incident.c
tests_unit_state_test_state_SOURCES = tests/unit/state/test_state.c
tests_unit_state_test_statefile_SOURCES = tests/unit/state/test_statefile.c
tests_unit_state_test_statefile_read_SOURCES = tests/unit/state/test_statefile_read.c
EXTRA_DIST += tests/unit/state/state.h
