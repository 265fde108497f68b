# Each step of the transaction has a file of what can go wrong there; tests/scenario/run plays them.
scenarios =
EXTRA_DIST += $(scenarios) tests/scenario/run
if LAB
TESTS += $(scenarios)
endif
