# The lab pool has libraries of its own, which nothing else may link; hence a library of its own.
LAB_SOURCES = \
	src/lab/answer.c src/lab/answer.h \
	src/lab/assoc.c src/lab/assoc.h \
	src/lab/autodiscover.c src/lab/autodiscover.h \
	src/lab/bindings.c src/lab/bindings.h \
	src/lab/certprov.c src/lab/certprov.h \
	src/lab/control.c src/lab/control.h \
	src/lab/faults.c src/lab/faults.h \
	src/lab/files.c src/lab/files.h \
	src/lab/lab.c src/lab/lab.h \
	src/lab/labconf.c src/lab/labconf.h \
	src/lab/logon.c src/lab/logon_read.c src/lab/logon.h \
	src/lab/metadata.c src/lab/metadata.h \
	src/lab/net.c src/lab/net.h \
	src/lab/ns.h \
	src/lab/ntlm.c src/lab/ntlm.h \
	src/lab/paths.h \
	src/lab/pki.c src/lab/pki.h \
	src/lab/pool.c src/lab/pool.h \
	src/lab/proof.c src/lab/proof.h \
	src/lab/published.c src/lab/published.h \
	src/lab/registrar.c src/lab/registrar.h \
	src/lab/requests.c src/lab/requests.h \
	src/lab/services.c src/lab/services.h \
	src/lab/sipconn.c src/lab/sipconn.h \
	src/lab/soapfault.c src/lab/soapfault.h \
	src/lab/strike.c src/lab/strike.h \
	src/lab/ticket.c src/lab/ticket.h \
	src/lab/transcript.c src/lab/transcript.h \
	src/lab/users.c src/lab/users.h \
	src/lab/web.c src/lab/web.h \
	src/lab/webauth.c src/lab/webauth.h \
	src/lab/x509.c src/lab/x509.h \
	src/lab/xmlsig.c src/lab/xmlsig.h

LAB_CFLAGS = $(AM_CFLAGS) $(EVSSL_CFLAGS) $(GSSAPI_CFLAGS) $(XMLSEC_CFLAGS)
LAB_LIBS = liblab.a $(EVSSL_LIBS) $(GSSAPI_LIBS) $(XMLSEC_LIBS) $(CSW_LIBS)

if LAB
noinst_LIBRARIES += liblab.a
liblab_a_SOURCES = $(LAB_SOURCES)
liblab_a_CFLAGS = $(LAB_CFLAGS)
endif
