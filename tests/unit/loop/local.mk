unit_tests += \
	tests/unit/loop/test_loop \
	tests/unit/loop/test_resolve \
	tests/unit/loop/test_srv \
	tests/unit/loop/test_worker
tests_unit_loop_test_loop_SOURCES = tests/unit/loop/test_loop.c
tests_unit_loop_test_resolve_SOURCES = \
	tests/unit/loop/test_resolve.c \
	tests/unit/loop/nameserver.c tests/unit/loop/nameserver.h
tests_unit_loop_test_worker_SOURCES = tests/unit/loop/test_worker.c
tests_unit_loop_test_srv_SOURCES = tests/unit/loop/test_srv.c
