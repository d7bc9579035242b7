# Every verb is one call of the standard-library bootstrap; `python3 boot.py VERB` does the same without make.
PYTHON ?= python3
VERBS = setup demo serve test prove lint bench docs lock
export FULL FROM PORT SHORT SMOKE

.PHONY: help $(VERBS)
help:
	@$(PYTHON) boot.py help
$(VERBS):
	@$(PYTHON) boot.py $@ $(ARGS)
