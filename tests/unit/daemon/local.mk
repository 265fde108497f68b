unit_tests += tests/unit/daemon/test_notify
tests_unit_daemon_test_notify_SOURCES = tests/unit/daemon/test_notify.c
