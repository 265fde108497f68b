unit_tests += tests/unit/alert/test_alert
tests_unit_alert_test_alert_SOURCES = tests/unit/alert/test_alert.c
unit_tests += tests/unit/alert/test_model
tests_unit_alert_test_model_SOURCES = tests/unit/alert/test_model.c
unit_tests += tests/unit/alert/test_rollup_model
tests_unit_alert_test_rollup_model_SOURCES = tests/unit/alert/test_rollup_model.c
unit_tests += tests/unit/alert/test_isolation
tests_unit_alert_test_isolation_SOURCES = tests/unit/alert/test_isolation.c
