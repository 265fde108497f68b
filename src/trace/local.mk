libcswatch_a_SOURCES += \
	src/trace/mask_base64.c src/trace/mask_base64.h \
	src/trace/secret_words.c src/trace/secret_words.h \
	src/trace/html.c src/trace/html.h \
	src/trace/trace_json.c src/trace/trace_json.h \
	src/trace/mask.c src/trace/mask.h \
	src/trace/pretty.c src/trace/pretty.h \
	src/trace/shelf.c src/trace/shelf.h src/trace/shelf_name.c \
	src/trace/trace.c src/trace/trace.h
