libcswatch_a_SOURCES += \
	src/txn/checks.c \
	src/txn/discover/autodiscover.c src/txn/discover/autodiscover.h \
	src/txn/discover/discover.h src/txn/discover/step_discover.c \
	src/txn/domains.c src/txn/domains.h \
	src/txn/facts.h \
	src/txn/plan.c src/txn/plan.h \
	src/txn/runtime.c src/txn/runtime.h \
	src/txn/scrub.c \
	src/txn/sip_leg.c src/txn/sip_leg.h \
	src/txn/spec.h src/txn/step.h \
	src/txn/step_certificate.c \
	src/txn/step_certprov_metadata.c \
	src/txn/step_challenge.c \
	src/txn/step_log_off.c \
	src/txn/step_register.c \
	src/txn/step_resolve.c \
	src/txn/step_sip_connect.c \
	src/txn/step_ticket_metadata.c \
	src/txn/step_tls_dsk.c \
	src/txn/step_web_ticket.c \
	src/txn/ticket_leg.c src/txn/ticket_leg.h \
	src/txn/txn.c src/txn/txn.h \
	src/txn/web_leg.c src/txn/web_leg.h \
	src/txn/web_refusal.c src/txn/web_refusal.h
