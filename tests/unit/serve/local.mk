unit_tests += tests/unit/serve/test_request_log
tests_unit_serve_test_request_log_SOURCES = tests/unit/serve/test_request_log.c
unit_tests += tests/unit/serve/test_listing
tests_unit_serve_test_listing_SOURCES = tests/unit/serve/test_listing.c $(watch_outages)
