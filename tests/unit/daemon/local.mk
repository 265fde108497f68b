unit_tests += tests/unit/daemon/test_writer
tests_unit_daemon_test_writer_SOURCES = tests/unit/daemon/test_writer.c $(tls_test_certs)
