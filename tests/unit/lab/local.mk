# unit tests of src/lab, which links what nothing else may
if LAB
unit_tests += \
	tests/unit/lab/test_certprov \
	tests/unit/lab/test_faults \
	tests/unit/lab/test_golden_sip \
	tests/unit/lab/test_golden_soap \
	tests/unit/lab/test_logon \
	tests/unit/lab/test_logon_read \
	tests/unit/lab/test_manual \
	tests/unit/lab/test_metadata \
	tests/unit/lab/test_ntlm \
	tests/unit/lab/test_pki \
	tests/unit/lab/test_proof \
	tests/unit/lab/test_stores \
	tests/unit/lab/test_ticket \
	tests/unit/lab/test_users
tests_unit_lab_test_certprov_SOURCES = tests/unit/lab/test_certprov.c \
	tests/unit/lab/edit.c tests/unit/lab/edit.h \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_certprov_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_faults_SOURCES = tests/unit/lab/test_faults.c
tests_unit_lab_test_faults_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_golden_sip_SOURCES = tests/unit/lab/test_golden_sip.c \
	tests/unit/golden.h tests/unit/lab/peer.c tests/unit/lab/peer.h \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_golden_sip_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_golden_soap_SOURCES = tests/unit/lab/test_golden_soap.c \
	tests/unit/lab/signer.c tests/unit/lab/signer.h \
	tests/unit/soap/soaptest.h tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_golden_soap_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_logon_SOURCES = tests/unit/lab/test_logon.c \
	tests/unit/lab/peer.c tests/unit/lab/peer.h \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_logon_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_logon_read_SOURCES = tests/unit/lab/test_logon_read.c \
	tests/unit/lab/edit.c tests/unit/lab/edit.h
tests_unit_lab_test_logon_read_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_manual_SOURCES = tests/unit/lab/test_manual.c
tests_unit_lab_test_manual_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_metadata_SOURCES = tests/unit/lab/test_metadata.c
tests_unit_lab_test_metadata_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_ntlm_SOURCES = tests/unit/lab/test_ntlm.c \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_ntlm_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_pki_SOURCES = tests/unit/lab/test_pki.c \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_pki_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_proof_SOURCES = tests/unit/lab/test_proof.c \
	tests/unit/lab/signer.c tests/unit/lab/signer.h \
	tests/unit/lab/edit.c tests/unit/lab/edit.h \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_proof_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_stores_SOURCES = tests/unit/lab/test_stores.c
tests_unit_lab_test_stores_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_ticket_SOURCES = tests/unit/lab/test_ticket.c \
	tests/unit/lab/signer.c tests/unit/lab/signer.h \
	tests/unit/lab/edit.c tests/unit/lab/edit.h \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_ticket_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
tests_unit_lab_test_users_SOURCES = tests/unit/lab/test_users.c \
	tests/unit/lab/scratch.c tests/unit/lab/scratch.h
tests_unit_lab_test_users_LDADD = $(LAB_LIBS) $(CMOCKA_LIBS)
endif
EXTRA_DIST += \
	tests/golden/sip/lab-challenge.sip \
	tests/golden/sip/lab-flight.sip \
	tests/golden/sip/lab-log-off.sip \
	tests/golden/sip/lab-ok.sip \
	tests/golden/sip/lab-redirect.sip \
	tests/golden/sip/lab-refused-403.sip \
	tests/golden/sip/lab-refused-404.sip \
	tests/golden/sip/lab-refused-503.sip
