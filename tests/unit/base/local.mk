EXTRA_DIST += tests/unit/await.h tests/unit/cases.h tests/unit/fds.h

unit_tests += \
	tests/unit/base/test_buf \
	tests/unit/base/test_clock \
	tests/unit/base/test_credential \
	tests/unit/base/test_file \
	tests/unit/base/test_hash \
	tests/unit/base/test_json \
	tests/unit/base/test_secret \
	tests/unit/base/test_str \
	tests/unit/base/test_text \
	tests/unit/base/test_times \
	tests/unit/base/test_zone
tests_unit_base_test_buf_SOURCES = tests/unit/base/test_buf.c
tests_unit_base_test_clock_SOURCES = tests/unit/base/test_clock.c
tests_unit_base_test_credential_SOURCES = tests/unit/base/test_credential.c
tests_unit_base_test_file_SOURCES = tests/unit/base/test_file.c $(fake_alloc)
tests_unit_base_test_file_LDFLAGS = $(AM_LDFLAGS) $(fake_alloc_ldflags)
tests_unit_base_test_hash_SOURCES = tests/unit/base/test_hash.c
tests_unit_base_test_json_SOURCES = tests/unit/base/test_json.c
tests_unit_base_test_secret_SOURCES = tests/unit/base/test_secret.c
tests_unit_base_test_str_SOURCES = tests/unit/base/test_str.c
tests_unit_base_test_text_SOURCES = tests/unit/base/test_text.c
tests_unit_base_test_times_SOURCES = tests/unit/base/test_times.c
tests_unit_base_test_zone_SOURCES = tests/unit/base/test_zone.c
unit_tests += tests/unit/base/test_calendar
tests_unit_base_test_calendar_SOURCES = tests/unit/base/test_calendar.c
