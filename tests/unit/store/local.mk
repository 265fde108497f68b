unit_tests += \
	tests/unit/store/test_crash \
	tests/unit/store/test_damage \
	tests/unit/store/test_histogram \
	tests/unit/store/test_query \
	tests/unit/store/test_runs \
	tests/unit/store/test_store \
	tests/unit/store/test_trouble \
	tests/unit/store/test_upkeep \
	tests/unit/store/test_varint
store_test_world = tests/unit/store/store_world.c tests/unit/store/store_world.h tests/fakes/must.h
tests_unit_store_test_crash_SOURCES = tests/unit/store/test_crash.c $(store_test_world)
tests_unit_store_test_damage_SOURCES = tests/unit/store/test_damage.c $(store_test_world)
tests_unit_store_test_histogram_SOURCES = tests/unit/store/test_histogram.c
tests_unit_store_test_query_SOURCES = tests/unit/store/test_query.c $(store_test_world)
tests_unit_store_test_runs_SOURCES = tests/unit/store/test_runs.c
tests_unit_store_test_store_SOURCES = tests/unit/store/test_store.c $(store_test_world)
tests_unit_store_test_trouble_SOURCES = tests/unit/store/test_trouble.c $(store_test_world)
tests_unit_store_test_upkeep_SOURCES = tests/unit/store/test_upkeep.c $(store_test_world)
tests_unit_store_test_varint_SOURCES = tests/unit/store/test_varint.c
