# The house's commands. `make run` and `make test` do their own set-up on a fresh Debian or Ubuntu machine.
.DEFAULT_GOAL := help
.PHONY: help run build quick test test-core test-stores test-ui test-window check check-features fix bindings bench bench-compare bench-stores bench-scale bench-moves bench-quality corpus fuzz setup

.NOTPARALLEL:

CARGO_FLAGS := --locked
# The window needs ui/dist inside the program; plain `cargo build` would load it from the development server.
EMBEDDED := --features custom-protocol

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ui/dist ## Set up, build and open the window
	cargo build $(CARGO_FLAGS) --profile local $(EMBEDDED) --package fotonovela
	target/local/fotonovela

build: setup ui/dist ## Build target/release/fotonovela
	cargo build $(CARGO_FLAGS) --release $(EMBEDDED) --package fotonovela

setup:
	@scripts/setup.sh build

ui/dist: $(shell find ui/src ui/index.html ui/*.json ui/*.ts -type f 2>/dev/null)
	npm --prefix ui run --silent build
	@touch ui/dist

quick: ui/dist ## Formatting, lints, types and unit tests, in minutes; needs a set-up (make test does it)
	@scripts/quick.sh

test: ## Set up and run every test
	@scripts/setup.sh test
	@scripts/test-photos.sh
	@scripts/test-stores.sh
	$(MAKE) --no-print-directory ui/dist test-ui test-core test-stores test-window

test-ui: ## The interface: units, then a real browser over the fake core
	npm --prefix ui run --silent test
	CHROMIUM="$${CHROMIUM:-$$(command -v chromium || command -v chromium-browser || command -v google-chrome)}" \
	    npm --prefix ui run --silent test:browser

test-core: ui/dist ## The core, the command line and the architecture
	scripts/with-screen.sh cargo test $(CARGO_FLAGS) --workspace $(EMBEDDED) --lib --bins --test core --test cli

test-stores: ui/dist ## Vector stores on real servers
	cargo test $(CARGO_FLAGS) --workspace $(EMBEDDED) --test stores -- --test-threads=2

test-window: ui/dist ## The real window, end to end
	scripts/with-screen.sh cargo test $(CARGO_FLAGS) $(EMBEDDED) --test window -- --test-threads=1

check: ## Formatting, lints, types, licences
	@scripts/check.sh

check-features: ui/dist ## Builds without some or all stores on servers; check does the lightest one
	for features in "" milvus qdrant; do \
	    cargo clippy $(CARGO_FLAGS) --package fotonovela-core --no-default-features --features "$$features" --lib \
	        -- -D warnings || exit; \
	done
	cargo clippy $(CARGO_FLAGS) --package fotonovela --no-default-features --lib --bins -- -D warnings
	cargo test $(CARGO_FLAGS) --package fotonovela-core --no-default-features --test core light

fix: ## Repair what check would complain about
	cargo fmt
	npm --prefix ui run --silent format

bindings: ## Write ui/src/api/bindings.ts and commands.ts from the core's types and the shell's commands
	FOTONOVELA_WRITE_BINDINGS=1 cargo test $(CARGO_FLAGS) $(EMBEDDED) --workspace --test core bindings
	FOTONOVELA_WRITE_BINDINGS=1 cargo test $(CARGO_FLAGS) $(EMBEDDED) --workspace --lib typescript

bench-compare: ## Index beside vipsthumbnail and the tutorial's Python
	@scripts/setup.sh build
	@scripts/bench-compare.sh

bench: ## Measure indexing by stage and similar search (LARGE=1: with a million vectors)
	@scripts/setup.sh build
	@scripts/bench.sh

bench-stores: ## Similar search beside numpy, faiss, usearch and Milvus Lite
	@scripts/setup.sh build
	@scripts/bench-stores.sh $(ROWS) $(DIMENSION)

bench-scale: ## What a library of ROWS photos costs (10000 100000 1000000)
	@scripts/setup.sh build
	@scripts/bench-scale.sh $(ROWS)

bench-moves: build ## Move ROWS vectors (30000) to each store and back
	@scripts/bench-moves.sh $(ROWS)

bench-quality: ## Measure what is found (MEASURE=category: that alone; PROGRAM=...: by another program)
	@PROGRAM="$(PROGRAM)" scripts/bench-quality.sh $(MEASURE)

corpus: build ## Run the decoders over the folder DIR and print how each file went
	@test -n "$(DIR)" || { echo "Say which folder: make corpus DIR=..." >&2; exit 2; }
	target/release/fotonovela corpus "$(DIR)"

fuzz: ## Look for inputs that break our readers, SECONDS_EACH=60; needs nightly Rust and cargo-fuzz
	@scripts/fuzz.sh "$${SECONDS_EACH:-60}"
