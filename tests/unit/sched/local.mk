unit_tests += tests/unit/sched/test_adopt tests/unit/sched/test_calendar \
	tests/unit/sched/test_defer tests/unit/sched/test_due \
	tests/unit/sched/test_heap tests/unit/sched/test_limits tests/unit/sched/test_sched
sched_world = tests/unit/sched/world.c tests/unit/sched/world.h
tests_unit_sched_test_adopt_SOURCES = tests/unit/sched/test_adopt.c $(sched_world)
tests_unit_sched_test_defer_SOURCES = tests/unit/sched/test_defer.c $(sched_world)
tests_unit_sched_test_due_SOURCES = tests/unit/sched/test_due.c
tests_unit_sched_test_heap_SOURCES = tests/unit/sched/test_heap.c
tests_unit_sched_test_limits_SOURCES = tests/unit/sched/test_limits.c $(sched_world)
tests_unit_sched_test_sched_SOURCES = tests/unit/sched/test_sched.c $(sched_world)
tests_unit_sched_test_calendar_SOURCES = tests/unit/sched/test_calendar.c $(sched_world)
