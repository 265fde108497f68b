# Each step of the transaction has a file of what can go wrong there; tests/scenario/run plays them.
scenarios = \
	tests/scenario/healthy.scn \
	tests/scenario/discover.scn \
	tests/scenario/resolve.scn \
	tests/scenario/sip-connect.scn \
	tests/scenario/challenge.scn \
	tests/scenario/certprov-metadata.scn \
	tests/scenario/ticket-metadata.scn \
	tests/scenario/web-ticket.scn \
	tests/scenario/certificate.scn \
	tests/scenario/tls-dsk.scn \
	tests/scenario/register.scn \
	tests/scenario/log-off.scn
EXTRA_DIST += $(scenarios) tests/scenario/run
if LAB
TESTS += $(scenarios)
endif
