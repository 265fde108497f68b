unit_tests += tests/unit/watch/test_watcher
tests_unit_watch_test_watcher_SOURCES = tests/unit/watch/test_watcher.c \
	tests/unit/watch/watch_world.c tests/unit/watch/watch_world.h $(config_place)
unit_tests += tests/unit/watch/test_discovery
tests_unit_watch_test_discovery_SOURCES = tests/unit/watch/test_discovery.c \
	tests/unit/watch/sim.c tests/unit/watch/sim.h $(config_place)
unit_tests += tests/unit/watch/test_day tests/unit/watch/test_keys
tests_unit_watch_test_keys_SOURCES = tests/unit/watch/test_keys.c \
	tests/unit/watch/sim.c tests/unit/watch/sim.h $(config_place)
tests_unit_watch_test_day_SOURCES = tests/unit/watch/test_day.c \
	tests/unit/watch/sim.c tests/unit/watch/sim.h $(config_place)
watch_outages = tests/unit/watch/outages.c tests/unit/watch/outages.h \
	tests/unit/watch/sim.c tests/unit/watch/sim.h $(config_place)
unit_tests += tests/unit/watch/test_rollup
tests_unit_watch_test_rollup_SOURCES = tests/unit/watch/test_rollup.c $(watch_outages)
unit_tests += tests/unit/watch/test_isolation
tests_unit_watch_test_isolation_SOURCES = tests/unit/watch/test_isolation.c \
	$(watch_outages)
unit_tests += tests/unit/watch/test_traces
tests_unit_watch_test_traces_SOURCES = tests/unit/watch/test_traces.c \
	tests/unit/watch/watch_world.c tests/unit/watch/watch_world.h $(config_place)
unit_tests += tests/unit/watch/test_alarms
tests_unit_watch_test_alarms_SOURCES = tests/unit/watch/test_alarms.c \
	tests/unit/watch/sim.c tests/unit/watch/sim.h $(config_place)
unit_tests += tests/unit/watch/test_histories
tests_unit_watch_test_histories_SOURCES = tests/unit/watch/test_histories.c \
	$(watch_outages)
unit_tests += tests/unit/watch/test_announce
tests_unit_watch_test_announce_SOURCES = tests/unit/watch/test_announce.c $(watch_outages)
