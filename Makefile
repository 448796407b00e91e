# Thin aliases; `python run.py …` is the real thing and needs no make.
PYTHON ?= python3

.PHONY: book test look bench lab check audit clean
book: ; $(PYTHON) run.py build
test: ; $(PYTHON) run.py test
look: ; $(PYTHON) run.py malibook serve
bench: ; $(PYTHON) run.py bench
lab: ; $(PYTHON) run.py lab
check: ; $(PYTHON) run.py malibook check
audit: ; $(PYTHON) run.py audit
clean: ; rm -rf _build
