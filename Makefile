# Every command does its own set-up first. `make help` lists them; the work is in Scripts/.

# One flag set for debug builds: kernels are unusably slow without optimisation, and another set of flags would build
# everything again. Release has a folder of its own for the same reason.
export ATOLL_DEBUG_FLAGS := -Xcc -O3
export ATOLL_RELEASE_FOLDER := .build-release
RELEASE := swift build -c release --product atoll --scratch-path $(ATOLL_RELEASE_FOLDER) --static-swift-stdlib

.DEFAULT_GOAL := help
.PHONY: help demo product test test-all bench lint format fuzz proto errors-doc dist clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

demo: product ## build the product and see it work: start a site, apply an example, look at it, stop
	@Scripts/demo.sh $(ATOLL_RELEASE_FOLDER)/release/atoll

product: ## build the program only, in release
	@Scripts/setup.sh product
	@Scripts/build-time.sh
	@$(RELEASE)

test: ## build everything for tests and run them (about 40 minutes cold on two cores)
	@Scripts/setup.sh test
	@Scripts/test.sh

test-all: ## test, with the long tests, the nested packages, arm64 and the sanitizers
	@Scripts/setup.sh all
	@ATOLL_TEST_LONG=1 Scripts/test.sh
	@Scripts/test-nested.sh

bench: product ## build and run every bench; BENCH=name for one, BENCH_FLAGS="--check --json"
	@Scripts/setup.sh bench
	@Scripts/bench.sh $(BENCH)

lint: ## format, shell scripts, C warnings, and the build with warnings as errors
	@Scripts/setup.sh test
	@Scripts/lint.sh

format: ## bring every Swift file into the one form
	@Scripts/swift-files.sh | xargs -0 swift format --in-place --parallel

fuzz: ## fuzz every entry for FUZZ_SECONDS each (60); FUZZ=name for one
	@Scripts/setup.sh product
	@Scripts/fuzz.sh $(FUZZ)

proto: ## generate Sources/Sites/Generated again from Protos/
	@Scripts/proto.sh

errors-doc: ## write docs/errors.md again from the catalogue
	@Scripts/setup.sh test
	@swift build --build-tests $(ATOLL_DEBUG_FLAGS)
	@ATOLL_WRITE_DOCS=1 swift test --skip-build $(ATOLL_DEBUG_FLAGS) --filter FaultCatalogueTests

dist: product ## dist/atoll-VERSION-linux-ARCH.tar.gz, checked in an empty folder
	@Scripts/dist.sh $(ATOLL_RELEASE_FOLDER)/release/atoll

clean: ## remove everything that was built; fetched tools and packages too
	rm -rf .build .build-* dist Benchmarks/.build Fuzz/.build Sanitize/.build
