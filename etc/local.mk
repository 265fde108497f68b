exampledir = $(docdir)/examples
dist_example_DATA = etc/cswatch.conf.example

# bash looks the name of the command up there.
completionsdir = $(datadir)/bash-completion/completions
dist_completions_DATA = etc/bash-completion/cswatch
