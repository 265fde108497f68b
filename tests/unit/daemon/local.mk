unit_tests += tests/unit/daemon/test_writer
tests_unit_daemon_test_writer_SOURCES = tests/unit/daemon/test_writer.c $(tls_test_certs)
unit_tests += tests/unit/daemon/test_probes
tests_unit_daemon_test_probes_SOURCES = tests/unit/daemon/test_probes.c \
	tests/unit/daemon/daemon_world.c tests/unit/daemon/daemon_world.h $(config_place)
unit_tests += tests/unit/daemon/test_day
tests_unit_daemon_test_day_SOURCES = tests/unit/daemon/test_day.c \
	tests/unit/daemon/sim.c tests/unit/daemon/sim.h $(config_place)
