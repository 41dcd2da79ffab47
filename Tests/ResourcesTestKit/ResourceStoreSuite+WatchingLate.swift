import Faults
import Resources
import Testing

/// Bookmarks, watchers that come late or are slow, and the end of a watch.
extension ResourceStoreSuite {
    static let watchingLate: [StoreCheck] = [
        .onStore(
            "a bookmark tells the newest version while nothing matches; watching from it misses nothing"
        ) { store, harness in
            var query = ResourceQuery(kind: "Widget")
            query.bookmarkInterval = .milliseconds(50)
            let watch = try await store.watch(query, from: nil)
            for name in ["a", "b", "c"] {
                _ = try await store.create(Resource(Sample.id(name, kind: "Gadget")), by: Sample.note)
            }
            let newest = try await store.list(ResourceQuery()).version
            let bookmark = try await watch.bookmark(within: harness.patience)
            #expect(bookmark == newest)
            _ = try await store.create(Sample.widget("after"), by: Sample.note)
            let seen = try await store.watch(query, from: bookmark).seen(upTo: "after", within: harness.patience)
            #expect(seen.map(\.name) == ["after"])
        },
        .onStore(
            "bookmarks come again and again on a quiet watch, at about the interval asked for"
        ) { store, harness in
            var query = ResourceQuery()
            query.bookmarkInterval = .milliseconds(40)
            let watch = try await store.watch(query, from: nil)
            let start = ContinuousClock.now
            try await within(harness.patience, "five bookmarks") {
                var count = 0
                for try await event in watch where event.kind == .bookmark {
                    #expect(event.resource == nil)
                    count += 1
                    if count == 5 { break }
                }
            }
            #expect(ContinuousClock.now - start >= .milliseconds(100), "not in a burst")
        },
        .onStore("bookmarks come while changes that do not match go on without a pause") { store, harness in
            var query = ResourceQuery(kind: "Widget")
            query.bookmarkInterval = .milliseconds(50)
            let watch = try await store.watch(query, from: nil)
            let id = try await store.create(Resource(Sample.id("noise", kind: "Gadget")), by: Sample.note).id
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    _ = try await watch.bookmark(within: harness.patience)
                    return true
                }
                group.addTask {
                    for size in 0... {
                        if Task.isCancelled { break }
                        try await store.change(id) { $0.spec = ["size": .integer(Int64(size))] }
                        // Far below the bookmarks' interval, and no race against what the store keeps.
                        try? await Task.sleep(for: .milliseconds(1))
                    }
                    return false
                }
                while let isBookmark = try await group.next(), !isBookmark { continue }
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        },
        StoreCheck("a watch from before what is kept is too old") { harness in
            guard harness.choosesHistory else { return }
            try await harness.withStore(16) { store in
                let from = try await store.list(ResourceQuery()).version
                let id = try await store.create(Sample.widget("a"), by: Sample.note).id
                for size in 2..<60 { try await store.change(id) { $0.spec = ["size": .integer(Int64(size))] } }
                await expectFault(ResourceFaults.tooOld) {
                    let watch = try await store.watch(ResourceQuery(), from: from)
                    for try await _ in watch { break }
                }
                // What is kept can still be watched.
                let recent = try await store.get(id)
                _ = try await store.create(Sample.widget("end"), by: Sample.note)
                let seen = try await store.watch(ResourceQuery(), from: recent.metadata.version)
                    .seen(upTo: "end", within: harness.patience)
                #expect(seen.map(\.name) == ["end"])
            }
        },
        StoreCheck("a slow watcher gets everything in order or is told too-old, never a gap") { harness in
            for history in [16, 1000] {
                try await harness.withStore(history) { store in
                    let watch = try await store.watch(ResourceQuery(), from: nil)
                    let count = 300
                    for number in 0..<count {
                        _ = try await store.create(
                            Sample.widget("w-\(number)", spec: ["size": .integer(Int64(number))]), by: Sample.note
                        )
                    }
                    do {
                        let seen = try await watch.seen(upTo: "w-\(count - 1)", within: harness.patience)
                        #expect(seen.map(\.size) == (0..<Int64(count)).map { $0 })
                        #expect(history >= count || !harness.choosesHistory, "a short history cannot give everything")
                    } catch let fault as Fault {
                        #expect(fault.is(ResourceFaults.tooOld))
                        #expect(history < count, "a long history has everything")
                    }
                }
            }
        },
        .onStore("a version that the store did not give out is refused") { store, _ in
            _ = try await store.create(Sample.widget("a"), by: Sample.note)
            for text in ["", "x", "-1", "1.5", "99999999999", "9223372036854775808"] {
                await expectFault(ResourceFaults.invalidVersion, "version '\(text)'") {
                    let watch = try await store.watch(ResourceQuery(), from: ResourceVersion(text))
                    for try await _ in watch { break }
                }
            }
        },
        .onStore("a cancelled watcher ends at once with a CancellationError, waiting or not yet") { store, harness in
            for isWaiting in [true, false] {
                let watch = try await store.watch(ResourceQuery(), from: nil)
                let error = try await within(harness.patience, "the end of the watch") {
                    await withTaskGroup(of: (any Error)?.self) { group in
                        group.addTask {
                            do {
                                for try await _ in watch {}
                                return nil
                            } catch {
                                return error
                            }
                        }
                        if isWaiting { try? await Task.sleep(for: .milliseconds(30)) }
                        group.cancelAll()
                        return await group.next() ?? nil
                    }
                }
                #expect(error is CancellationError, "\(String(describing: error))")
            }
        },
        .onStore("a watcher that ends does not disturb the others, nor do many that come and go") { store, harness in
            let steady = try await store.watch(ResourceQuery(), from: nil)
            for number in 0..<30 {
                let brief = try await store.watch(ResourceQuery(), from: nil)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        do { for try await _ in brief { break } } catch is CancellationError {}
                    }
                    if number % 2 == 0 { group.cancelAll() }
                    _ = try await store.create(Sample.widget("w-\(number)"), by: Sample.note)
                    try await group.waitForAll()
                }
            }
            #expect(try await steady.seen(upTo: "w-29", within: harness.patience).count == 30)
        },
    ]
}
