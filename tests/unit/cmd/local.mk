unit_tests += tests/unit/cmd/test_run_log tests/unit/cmd/test_credential_file
tests_unit_cmd_test_run_log_SOURCES = tests/unit/cmd/test_run_log.c src/cmd/run_log.c
tests_unit_cmd_test_credential_file_SOURCES = \
	tests/unit/cmd/test_credential_file.c src/cmd/credential_file.c $(tls_test_certs)
unit_tests += tests/unit/cmd/test_words
tests_unit_cmd_test_words_SOURCES = tests/unit/cmd/test_words.c src/cmd/cmdlet.c \
	src/cmd/nagios.c src/cmd/options.c
unit_tests += tests/unit/cmd/test_htmlfile
tests_unit_cmd_test_htmlfile_SOURCES = tests/unit/cmd/test_htmlfile.c src/cmd/htmlfile.c
unit_tests += tests/unit/cmd/test_status_text
tests_unit_cmd_test_status_text_SOURCES = tests/unit/cmd/test_status_text.c src/cmd/status_text.c
