libcswatch_a_SOURCES += \
	src/soap/autodiscover.c src/soap/autodiscover.h \
	src/soap/certprov.c src/soap/certprov.h \
	src/soap/envelope.c src/soap/envelope.h \
	src/soap/fault.c src/soap/fault.h \
	src/soap/mex.c src/soap/mex.h \
	src/soap/ns.h \
	src/soap/page.c src/soap/page.h \
	src/soap/url.c src/soap/url.h \
	src/soap/webticket.c src/soap/webticket.h \
	src/soap/webticket_parse.c \
	src/soap/xml.c src/soap/xml.h \
	src/soap/xmlcheck.c src/soap/xmlcheck.h \
	src/soap/xmlencoding.c src/soap/xmlencoding.h \
	src/soap/xmlscan.c src/soap/xmlscan.h
