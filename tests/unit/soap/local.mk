# unit tests of src/soap
unit_tests += \
	tests/unit/soap/test_autodiscover \
	tests/unit/soap/test_certprov \
	tests/unit/soap/test_fault \
	tests/unit/soap/test_mex \
	tests/unit/soap/test_page \
	tests/unit/soap/test_webticket \
	tests/unit/soap/test_xml \
	tests/unit/soap/test_xmlsec1
tests_unit_soap_test_autodiscover_SOURCES = \
	tests/unit/soap/test_autodiscover.c tests/unit/soap/soaptest.h
tests_unit_soap_test_certprov_SOURCES = \
	tests/unit/soap/test_certprov.c tests/unit/soap/soaptest.h tests/unit/soap/vector.h
tests_unit_soap_test_fault_SOURCES = \
	tests/unit/soap/test_fault.c tests/unit/soap/soaptest.h
tests_unit_soap_test_mex_SOURCES = \
	tests/unit/soap/test_mex.c tests/unit/soap/soaptest.h
tests_unit_soap_test_page_SOURCES = tests/unit/soap/test_page.c
tests_unit_soap_test_webticket_SOURCES = \
	tests/unit/soap/test_webticket.c tests/unit/soap/soaptest.h
tests_unit_soap_test_xml_SOURCES = \
	tests/unit/soap/test_xml.c tests/unit/soap/soaptest.h
tests_unit_soap_test_xmlsec1_SOURCES = tests/unit/soap/test_xmlsec1.c \
	tests/unit/soap/soaptest.h tests/unit/soap/vector.h
EXTRA_DIST += \
	tests/golden/soap/assertion-signed.xml \
	tests/golden/soap/assertion.xml \
	tests/golden/soap/autodiscover-redirect.xml \
	tests/golden/soap/autodiscover-root.xml \
	tests/golden/soap/autodiscover-user.xml \
	tests/golden/soap/certprov-error.xml \
	tests/golden/soap/certprov-request-bearer.xml \
	tests/golden/soap/certprov-request.xml \
	tests/golden/soap/certprov-response-lab.xml \
	tests/golden/soap/certprov-response.xml \
	tests/golden/soap/fault-claim.xml \
	tests/golden/soap/fault-no-token.xml \
	tests/golden/soap/mex-certprov-wcf.xml \
	tests/golden/soap/mex-certprov.xml \
	tests/golden/soap/mex-ticket-lab.xml \
	tests/golden/soap/mex-ticket.xml \
	tests/golden/soap/rst.xml \
	tests/golden/soap/rstr-decoys.xml \
	tests/golden/soap/rstr-default-ns.xml \
	tests/golden/soap/rstr-lab.xml \
	tests/golden/soap/rstr-prefixed.xml \
	tests/golden/soap/rstr-repeated-ns.xml \
	tests/golden/soap/rstr-signed.xml \
	tests/golden/soap/signed-info.c14n \
	tests/golden/soap/timestamp.c14n \
	tests/golden/http/diagnostics-28000.txt \
	tests/golden/http/diagnostics-28020.txt \
	tests/golden/http/diagnostics-bare.txt
