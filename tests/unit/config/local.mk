unit_tests += \
	tests/unit/config/test_documents tests/unit/config/test_dropins \
	tests/unit/config/test_keys tests/unit/config/test_load \
	tests/unit/config/test_problems \
	tests/unit/config/test_roles \
	tests/unit/config/test_schema tests/unit/config/test_secret \
	tests/unit/config/test_source \
	tests/unit/config/test_timing
config_place = tests/unit/config/place.c tests/unit/config/place.h
tests_unit_config_test_documents_SOURCES = tests/unit/config/test_documents.c $(config_place)
tests_unit_config_test_dropins_SOURCES = tests/unit/config/test_dropins.c $(config_place)
tests_unit_config_test_keys_SOURCES = tests/unit/config/test_keys.c $(config_place)
tests_unit_config_test_load_SOURCES = tests/unit/config/test_load.c $(config_place)
tests_unit_config_test_problems_SOURCES = tests/unit/config/test_problems.c $(config_place)
tests_unit_config_test_roles_SOURCES = tests/unit/config/test_roles.c $(config_place)
tests_unit_config_test_schema_SOURCES = tests/unit/config/test_schema.c
tests_unit_config_test_secret_SOURCES = tests/unit/config/test_secret.c $(config_place)
tests_unit_config_test_source_SOURCES = tests/unit/config/test_source.c $(config_place)
tests_unit_config_test_timing_SOURCES = tests/unit/config/test_timing.c $(config_place)
