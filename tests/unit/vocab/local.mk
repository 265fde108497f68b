unit_tests += \
	tests/unit/vocab/test_discovery \
	tests/unit/vocab/test_err \
	tests/unit/vocab/test_error_id \
	tests/unit/vocab/test_vocab \
	tests/unit/vocab/test_windows_status
tests_unit_vocab_test_discovery_SOURCES = tests/unit/vocab/test_discovery.c
tests_unit_vocab_test_err_SOURCES = tests/unit/vocab/test_err.c
tests_unit_vocab_test_error_id_SOURCES = tests/unit/vocab/test_error_id.c
tests_unit_vocab_test_vocab_SOURCES = tests/unit/vocab/test_vocab.c
tests_unit_vocab_test_windows_status_SOURCES = tests/unit/vocab/test_windows_status.c
