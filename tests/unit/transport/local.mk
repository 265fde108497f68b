# unit tests of src/transport
unit_tests += \
	tests/unit/transport/test_https_tls \
	tests/unit/transport/test_siptls \
	tests/unit/transport/test_siptls_life
transport_test_run = tests/unit/transport/siptls_run.c tests/unit/transport/siptls_run.h \
	tests/unit/transport/tls_server.c tests/unit/transport/tls_server.h $(tls_test_certs)
tests_unit_transport_test_siptls_SOURCES = tests/unit/transport/test_siptls.c $(transport_test_run)
tests_unit_transport_test_siptls_life_SOURCES = tests/unit/transport/test_siptls_life.c \
	$(transport_test_run)
tests_unit_transport_test_https_tls_SOURCES = tests/unit/transport/test_https_tls.c \
	tests/unit/transport/tls_server.c tests/unit/transport/tls_server.h $(tls_test_certs)
