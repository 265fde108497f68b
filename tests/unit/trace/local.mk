unit_tests += tests/unit/trace/test_mask
tests_unit_trace_test_mask_SOURCES = tests/unit/trace/test_mask.c
unit_tests += tests/unit/trace/test_trace
tests_unit_trace_test_trace_SOURCES = tests/unit/trace/test_trace.c
unit_tests += tests/unit/trace/test_shelf
tests_unit_trace_test_shelf_SOURCES = tests/unit/trace/test_shelf.c
unit_tests += tests/unit/trace/test_html
tests_unit_trace_test_html_SOURCES = tests/unit/trace/test_html.c
