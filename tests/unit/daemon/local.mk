unit_tests += tests/unit/daemon/test_probes
tests_unit_daemon_test_probes_SOURCES = tests/unit/daemon/test_probes.c \
	tests/unit/daemon/daemon_world.c tests/unit/daemon/daemon_world.h $(config_place)
unit_tests += tests/unit/daemon/test_probe_discovery
tests_unit_daemon_test_probe_discovery_SOURCES = tests/unit/daemon/test_probe_discovery.c \
	tests/unit/daemon/daemon_world.c tests/unit/daemon/daemon_world.h $(config_place)
unit_tests += tests/unit/daemon/test_day tests/unit/daemon/test_keys
tests_unit_daemon_test_keys_SOURCES = tests/unit/daemon/test_keys.c \
	tests/unit/daemon/sim.c tests/unit/daemon/sim.h $(config_place)
tests_unit_daemon_test_day_SOURCES = tests/unit/daemon/test_day.c \
	tests/unit/daemon/sim.c tests/unit/daemon/sim.h $(config_place)
daemon_outages = tests/unit/daemon/outages.c tests/unit/daemon/outages.h \
	tests/unit/daemon/sim.c tests/unit/daemon/sim.h $(config_place)
unit_tests += tests/unit/daemon/test_rollup
tests_unit_daemon_test_rollup_SOURCES = tests/unit/daemon/test_rollup.c $(daemon_outages)
unit_tests += tests/unit/daemon/test_isolation
tests_unit_daemon_test_isolation_SOURCES = tests/unit/daemon/test_isolation.c \
	$(daemon_outages)
unit_tests += tests/unit/daemon/test_traces
tests_unit_daemon_test_traces_SOURCES = tests/unit/daemon/test_traces.c \
	tests/unit/daemon/daemon_world.c tests/unit/daemon/daemon_world.h $(config_place)
unit_tests += tests/unit/daemon/test_alarms
tests_unit_daemon_test_alarms_SOURCES = tests/unit/daemon/test_alarms.c \
	tests/unit/daemon/sim.c tests/unit/daemon/sim.h $(config_place)
unit_tests += tests/unit/daemon/test_histories
tests_unit_daemon_test_histories_SOURCES = tests/unit/daemon/test_histories.c \
	$(daemon_outages)
