# The developer's menu. CI runs the same targets (.ci/run). The scripts in .ci/ do the set-up.
.DEFAULT_GOAL := help
.PHONY: help soak soak-service fuzz audit sequences demo test test-slow test-kafka test-deploy test-examples test-firefox test-readers test-lake interop lint bench evidence chaos chaos-kafka chaos-lake clean

PYTEST := .venv/bin/python -m pytest
# Where this is set, each worker of each run rewrites all tests anew, for as long as half a minute.
unexport PYTHONDONTWRITEBYTECODE
# Tests wait for disks, browsers and other processes: one worker more than there are processors, a file to one of them,
# and none of them reckons on several processors at once.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
SIDE_BY_SIDE = -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --maxprocesses 6 --dist loadfile --no-loadscope-reorder
# The longest first, so that none is left alone at the end; pytest takes each file once.
LONG_ON_A_LAKE := tests/integration/warehouse/test_lake.py tests/integration/lander/test_verdicts_oracle.py tests/chaos/test_kill_lake.py
# Named one by one: to read all others takes each process as long as a test.
FILES_WITH = $$(grep -rlE $(1) tests --include="test_*.py" | sort)

help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: ## Set up what is missing, then run sample traffic through the whole way and print the answers.
	@.ci/setup demo
	@.venv/bin/sayso demo

test: ## Set up what is missing (also Node and Chromium), then run every test but those of the seven targets below.
	@.ci/setup dev
	@.ci/need chromium curl nginx systemd xfs
	@.ci/need headless || true # quicker than the whole browser, which does as well
	@.ci/node-packages
	$(ONE_THREAD) $(PYTEST) $(SIDE_BY_SIDE) -m "not slow and not kafka and not lake and not deploy and not examples and not firefox and not readers and not interop and not sequences and not fuzz"
	.ci/npm test

test-slow: ## The same for what takes long: whole stories, random histories, kills, full disks, real feedback, the bench.
	@.ci/setup dev
	@.ci/need chromium curl nginx xfs
	@.ci/need headless || true
	@.ci/node-packages
	$(ONE_THREAD) $(PYTEST) $(SIDE_BY_SIDE) -m "slow and not kafka and not lake and not readers and not interop" tests/story $(call FILES_WITH,'mark\.slow')

test-kafka: ## Set up what is missing (also Java and a broker's jars), then run the tests against real Kafka.
	@.ci/setup dev
	@.ci/need java
	@.ci/kafka-jars
	$(ONE_THREAD) $(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -m kafka $(call FILES_WITH,'mark\.kafka')

test-deploy: ## Set up what is missing (also Java, Kafka, hadolint, kustomize and others), then read and start what deploy/ says.
	@.ci/setup dev
	@.ci/need curl nginx systemd java
	@.ci/kafka-jars
	@.ci/deploy-tools
	$(ONE_THREAD) $(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -m deploy $(call FILES_WITH,'mark\.deploy')

test-lake: ## Set up what is missing (also PostgreSQL, Go and an S3 server), then run the tests against a real lake.
	@.ci/setup dev
	@.ci/need postgresql go
	@.ci/lake-packages
	ORACLE_EXAMPLES=$${ORACLE_EXAMPLES:-2} $(ONE_THREAD) .cache/lake/bin/python -m pytest $(SIDE_BY_SIDE) -m lake $(LONG_ON_A_LAKE) $(call FILES_WITH,'mark\.lake|\<store: ')

test-examples: ## Set up what is missing (also a newer Node), then use the example applications in a browser.
	@.ci/setup dev
	@.ci/need chromium
	@.ci/example-packages
	$(PYTEST) -m examples

test-firefox: ## Set up what is missing (also Firefox), then hold the widgets to their promises in it.
	@.ci/setup dev
	@.ci/need firefox
	@.ci/node-packages
	$(PYTEST) -m firefox

test-readers: ## Set up what is missing (also dbt and polars), then read the published copy with them.
	@.ci/setup dev
	@.ci/reader-packages
	$(PYTEST) -m readers

interop: ## Set up what is missing (5.6 GB: TRL, promptfoo, Inspect, MLflow, W&B, Comet, DSPy, GEPA and others), then let them read.
	@.ci/setup dev
	@.ci/need cc
	@.ci/interop-packages
	$(ONE_THREAD) $(PYTEST) -m interop

lint: ## Check style, types, imports between rooms, and that generated parts of the docs are fresh.
	@.ci/setup dev
	@.ci/node-packages
	@.ci/lint

bench: ## Measure speed, memory and delivery, each beside a peer or a raw limit (BENCH="NAME..." for some lines).
	@.ci/setup dev
	@.ci/need wrk chromium java postgresql go
	@.ci/kafka-jars
	@.ci/lake-packages
	PYTHONPATH=tests .venv/bin/python -m bench $(BENCH)

evidence: ## Hold mining against real labelled data, beside simpler ways to do it (EVIDENCE="NAME..." for some lines).
	@.ci/setup dev
	PYTHONPATH=tests .venv/bin/python -m bench.evidence $(EVIDENCE)

chaos: ## Kill the processes under load 240 times (CHAOS_KILLS), and erasures 60 times: nothing lost, nothing doubled, nobody left.
	@.ci/setup dev
	CHAOS_KILLS=$${CHAOS_KILLS:-240} ERASURE_KILLS=$${ERASURE_KILLS:-60} $(PYTEST) -s tests/chaos/test_kill.py tests/chaos/test_kill_erasure.py

chaos-kafka: ## The same with three brokers (KAFKA_FAULTS, 200): one of them killed, connections cut, held up and slowed, rooms killed.
	@.ci/setup dev
	@.ci/need java
	@.ci/kafka-jars
	KAFKA_FAULTS=$${KAFKA_FAULTS:-200} $(PYTEST) -s tests/chaos/test_kafka_faults.py

chaos-lake: ## Kill the lander, PostgreSQL and the S3 server under load 60 times (LAKE_KILLS): nothing lost, nothing doubled.
	@.ci/setup dev
	@.ci/need postgresql go
	@.ci/lake-packages
	LAKE_KILLS=$${LAKE_KILLS:-60} .cache/lake/bin/python -m pytest -s -m lake tests/chaos/test_kill_lake.py

soak: ## Repeat for longer what tests do at random: properties, histories against the oracle, kills of the log, copies, backups, real feedback.
	@.ci/setup dev
	EXAMPLES=$${EXAMPLES:-500} $(PYTEST) -m "hypothesis and not slow and not kafka"
	ORACLE_EXAMPLES=$${ORACLE_EXAMPLES:-250} LOG_KILLS=50 PUBLISHES=100 $(PYTEST) tests/integration/lander/test_verdicts_oracle.py \
	  tests/integration/eventlog/test_sqlite.py tests/integration/warehouse/test_readers.py
	BACKUPS=20 REPLAY_EVERY=1 $(PYTEST) tests/integration/operate/test_backup_running.py tests/story/test_replay.py

fuzz: ## Attack a running service: 100,000 bad requests (FUZZ_INPUTS), Schemathesis, the time that a wrong key takes.
	@.ci/setup dev
	@.ci/fuzz-packages
	FUZZ_INPUTS=$${FUZZ_INPUTS:-100000} $(PYTEST) -s tests/fuzz

soak-service: ## Half an hour (SOAK_MINUTES) at half of what this machine takes, with analysts reading: what grows, and how fast.
	@.ci/setup dev
	PYTHONPATH=tests .venv/bin/python -m bench.soak $${SOAK_MINUTES:-30}

audit: ## Hold every package against the databases of known weaknesses (.ci/audit-exceptions has what is explained).
	@.ci/setup dev
	@.ci/node-packages
	@.ci/audit

sequences: ## Do 1,000 random things to pages, and compare what people said with what landed.
	@.ci/setup dev
	@.ci/need chromium
	@.ci/node-packages
	$(PYTEST) -m sequences

clean: ## Remove everything that set-up, tests and builds made.
	rm -rf .venv .cache build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .ruff_cache
	rm -rf widgets/node_modules widgets/examples/node_modules widgets/examples/next-chat/.next
	find bench ingest sdk tests -name __pycache__ -prune -exec rm -rf {} +
