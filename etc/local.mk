exampledir = $(docdir)/examples
dist_example_DATA = etc/cswatch.conf.example
