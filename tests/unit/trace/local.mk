unit_tests += tests/unit/trace/test_mask
tests_unit_trace_test_mask_SOURCES = tests/unit/trace/test_mask.c
