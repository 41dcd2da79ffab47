import ArgumentParser
import AsyncHTTPClient
import Configuration
import Crypto
import GRDB
import Hummingbird
import ServiceLifecycle
@main struct Atoll: AsyncParsableCommand { func run() async throws { print("hi") } }
