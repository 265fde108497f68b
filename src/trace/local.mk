libcswatch_a_SOURCES += \
	src/trace/blob.c src/trace/blob.h \
	src/trace/hidden.c src/trace/hidden.h \
	src/trace/html.c src/trace/html.h \
	src/trace/lines.c src/trace/lines.h \
	src/trace/mask.c src/trace/mask.h \
	src/trace/pretty.c src/trace/pretty.h \
	src/trace/shelf.c src/trace/shelf.h src/trace/shelf_name.c \
	src/trace/trace.c src/trace/trace.h
