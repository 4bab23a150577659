# Every command that builds, runs and checks Headgate. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BUILD := .build
RUN := .headgate/run

.PHONY: help setup build run test check bench fuzz soak format clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## install what the other commands need (Debian packages, a Python environment)
	@scripts/setup

build: setup ## build the release binary, .build/release/headgate
	swift build -c release --product headgate

run: build ## serve the signing platform on 127.0.0.1:8080 with keys to try
	@scripts/run-example

test: setup ## run every test: rooms, repository, real nginx and Envoy, thread sanitizer, noise
	@scripts/test

check: setup ## run what needs no servers: format, repository rules, example policies, what decisions and requests cost
	swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
	swift test --filter RepositoryTests
	swift build --product headgate
	swift build -c release --product headgate  # what `make run` serves with; compilers differ in what they see
	@for policy in Examples/*/policy*.yaml Benchmarks/policy.yaml; do $(BUILD)/debug/headgate policy check $$policy; done
	swift build -c release --product admission-benchmark
	$(BUILD)/release/admission-benchmark --gate
	Benchmarks/gates

bench: setup ## measure beside nginx, HAProxy, Envoy and Redis, and the engine alone; ARGUMENTS=--help
	@for product in headgate admission-benchmark overload-benchmark bare-server pacer; do swift build -c release --product $$product; done
	@python3 Benchmarks/Peers $(ARGUMENTS)

fuzz: setup ## feed ten million seeded inputs to each parser (six minutes); FUZZ="--seed 2 --only http2" for others
	scripts/fuzz --inputs 10000000 $(FUZZ)

soak: setup ## a million calls over one connection of a release build
	swift build -c release --product headgate
	HEADGATE_BINARY=$(CURDIR)/$(BUILD)/release/headgate HEADGATE_CALL_COUNT=1000000 \
		swift test --filter 'GRPC/.*number.of.calls'

format: ## rewrite sources in the checked-in format
	swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

clean: ## remove what was built
	rm -rf $(BUILD) .headgate .venv
