# Parsers and what they must never do: one entry for each, its seeds beside it. "make check" runs the
# seeds; with --enable-fuzzers the same entries are driven by libFuzzer.
fuzz_common = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
if !FUZZERS
fuzz_common += tests/fuzz/main.c
endif
fuzz_issued = $(fuzz_common) tests/fuzz/issued.c tests/fuzz/issued.h $(tls_test_certs)

fuzz_entries =
fuzz_entries += tests/fuzz/autodiscover
tests_fuzz_autodiscover_SOURCES = tests/fuzz/autodiscover.c $(fuzz_common)
tests_fuzz_autodiscover_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/base64
tests_fuzz_base64_SOURCES = tests/fuzz/base64.c $(fuzz_common)
tests_fuzz_base64_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/calendar
tests_fuzz_calendar_SOURCES = tests/fuzz/calendar.c $(fuzz_common)
tests_fuzz_calendar_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/certprov
tests_fuzz_certprov_SOURCES = tests/fuzz/certprov.c $(fuzz_common)
tests_fuzz_certprov_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/config
tests_fuzz_config_SOURCES = tests/fuzz/config.c $(fuzz_common)
tests_fuzz_config_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/control_request
tests_fuzz_control_request_SOURCES = tests/fuzz/control_request.c $(fuzz_common)
tests_fuzz_control_request_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/credential
tests_fuzz_credential_SOURCES = tests/fuzz/credential.c $(fuzz_issued)
tests_fuzz_credential_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/credential_file
tests_fuzz_credential_file_SOURCES = tests/fuzz/credential_file.c src/cmd/credential_file.c $(fuzz_common)
tests_fuzz_credential_file_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/fault
tests_fuzz_fault_SOURCES = tests/fuzz/fault.c $(fuzz_common)
tests_fuzz_fault_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/https_reply
tests_fuzz_https_reply_SOURCES = tests/fuzz/https_reply.c $(fuzz_common)
tests_fuzz_https_reply_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/https_url
tests_fuzz_https_url_SOURCES = tests/fuzz/https_url.c $(fuzz_common)
tests_fuzz_https_url_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/identity
tests_fuzz_identity_SOURCES = tests/fuzz/identity.c $(fuzz_issued)
tests_fuzz_identity_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/mask
tests_fuzz_mask_SOURCES = tests/fuzz/mask.c $(fuzz_common)
tests_fuzz_mask_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/tls_inner
tests_fuzz_tls_inner_SOURCES = tests/fuzz/tls_inner.c $(fuzz_issued)
tests_fuzz_tls_inner_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/mex
tests_fuzz_mex_SOURCES = tests/fuzz/mex.c $(fuzz_common)
tests_fuzz_mex_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/ntlm
tests_fuzz_ntlm_SOURCES = tests/fuzz/ntlm.c $(fuzz_common)
tests_fuzz_ntlm_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/sip_address
tests_fuzz_sip_address_SOURCES = tests/fuzz/sip_address.c $(fuzz_common)
tests_fuzz_sip_address_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/sip_auth
tests_fuzz_sip_auth_SOURCES = tests/fuzz/sip_auth.c $(fuzz_common)
tests_fuzz_sip_auth_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/sip_diagnostics
tests_fuzz_sip_diagnostics_SOURCES = tests/fuzz/sip_diagnostics.c $(fuzz_common)
tests_fuzz_sip_diagnostics_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/sip_frame
tests_fuzz_sip_frame_SOURCES = tests/fuzz/sip_frame.c $(fuzz_common)
tests_fuzz_sip_frame_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/sip_msg
tests_fuzz_sip_msg_SOURCES = tests/fuzz/sip_msg.c $(fuzz_common)
tests_fuzz_sip_msg_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/sip_sa
tests_fuzz_sip_sa_SOURCES = tests/fuzz/sip_sa.c $(fuzz_common)
tests_fuzz_sip_sa_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/statefile
tests_fuzz_statefile_SOURCES = tests/fuzz/statefile.c $(fuzz_common)
tests_fuzz_statefile_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/text
tests_fuzz_text_SOURCES = tests/fuzz/text.c tests/fuzz/text_json.c $(fuzz_common)
tests_fuzz_text_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/times
tests_fuzz_times_SOURCES = tests/fuzz/times.c $(fuzz_common)
tests_fuzz_times_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/trace
tests_fuzz_trace_SOURCES = tests/fuzz/trace.c $(fuzz_common)
tests_fuzz_trace_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/webticket
tests_fuzz_webticket_SOURCES = tests/fuzz/webticket.c $(fuzz_common)
tests_fuzz_webticket_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/xml
tests_fuzz_xml_SOURCES = tests/fuzz/xml.c $(fuzz_common)
tests_fuzz_xml_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
fuzz_entries += tests/fuzz/zonefile
tests_fuzz_zonefile_SOURCES = tests/fuzz/zonefile.c $(fuzz_common)
tests_fuzz_zonefile_LDADD = $(FUZZ_LDADD) $(CSW_LIBS)
if LAB
fuzz_entries += tests/fuzz/lab_faults
tests_fuzz_lab_faults_SOURCES = tests/fuzz/lab_faults.c $(fuzz_common)
tests_fuzz_lab_faults_LDADD = $(FUZZ_LDADD) $(LAB_LIBS)
fuzz_entries += tests/fuzz/lab_logon
tests_fuzz_lab_logon_SOURCES = tests/fuzz/lab_logon.c $(fuzz_common)
tests_fuzz_lab_logon_LDADD = $(FUZZ_LDADD) $(LAB_LIBS)
fuzz_entries += tests/fuzz/lab_soap
tests_fuzz_lab_soap_SOURCES = tests/fuzz/lab_soap.c $(fuzz_common)
tests_fuzz_lab_soap_LDADD = $(FUZZ_LDADD) $(LAB_LIBS)
fuzz_entries += tests/fuzz/lab_users
tests_fuzz_lab_users_SOURCES = tests/fuzz/lab_users.c $(fuzz_common)
tests_fuzz_lab_users_LDADD = $(FUZZ_LDADD) $(LAB_LIBS)
endif
check_PROGRAMS += $(fuzz_entries)
TESTS += tests/fuzz/run
EXTRA_DIST += tests/fuzz/run
EXTRA_DIST += \
	tests/fuzz/autodiscover.seeds \
	tests/fuzz/base64.seeds \
	tests/fuzz/calendar.seeds \
	tests/fuzz/certprov.seeds \
	tests/fuzz/config.seeds \
	tests/fuzz/control_request.seeds \
	tests/fuzz/credential.seeds \
	tests/fuzz/credential_file.seeds \
	tests/fuzz/fault.seeds \
	tests/fuzz/https_reply.seeds \
	tests/fuzz/https_url.seeds \
	tests/fuzz/identity.seeds \
	tests/fuzz/lab_faults.seeds \
	tests/fuzz/lab_logon.seeds \
	tests/fuzz/lab_soap.seeds \
	tests/fuzz/lab_users.seeds \
	tests/fuzz/mask.seeds \
	tests/fuzz/tls_inner.seeds \
	tests/fuzz/mex.seeds \
	tests/fuzz/ntlm.seeds \
	tests/fuzz/sip_address.seeds \
	tests/fuzz/sip_auth.seeds \
	tests/fuzz/sip_diagnostics.seeds \
	tests/fuzz/sip_frame.seeds \
	tests/fuzz/sip_msg.seeds \
	tests/fuzz/sip_sa.seeds \
	tests/fuzz/statefile.seeds \
	tests/fuzz/text.seeds \
	tests/fuzz/times.seeds \
	tests/fuzz/trace.seeds \
	tests/fuzz/webticket.seeds \
	tests/fuzz/xml.seeds \
	tests/fuzz/zonefile.seeds

# Invents inputs, an hour in all or as said: make fuzz SECONDS_EACH=300 ENTRIES='xml sip_msg'
fuzz: $(fuzz_entries)
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		$(abs_top_srcdir)/tests/fuzz/run --invent "$(SECONDS_EACH)" $(ENTRIES)
.PHONY: fuzz
