# unit tests of src/report
unit_tests += \
	tests/unit/report/test_diagnose \
	tests/unit/report/test_documents \
	tests/unit/report/test_events \
	tests/unit/report/test_explain \
	tests/unit/report/test_record \
	tests/unit/report/test_sinks \
	tests/unit/report/test_stderr
tests_unit_report_test_diagnose_SOURCES = tests/unit/report/test_diagnose.c
tests_unit_report_test_documents_SOURCES = tests/unit/report/test_documents.c
tests_unit_report_test_events_SOURCES = tests/unit/report/test_events.c
tests_unit_report_test_explain_SOURCES = tests/unit/report/test_explain.c
tests_unit_report_test_record_SOURCES = tests/unit/report/test_record.c
tests_unit_report_test_sinks_SOURCES = tests/unit/report/test_sinks.c
# The journal has no door for tests: its one function is caught on the way.
tests_unit_report_test_sinks_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sd_journal_sendv
tests_unit_report_test_stderr_SOURCES = tests/unit/report/test_stderr.c
