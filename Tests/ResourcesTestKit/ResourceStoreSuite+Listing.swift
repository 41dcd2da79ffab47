import Faults
import Resources
import Testing

extension ResourceStoreSuite {
    static let paging: [StoreCheck] = [
        .onStore(
            "pages of every size join to the same list, in the order of kind, tenant, project, name"
        ) { store, _ in
            var expected: [ResourceID] = []
            for kind in ["Gadget", "Widget"] {
                for scope in [Scope.platform, Scope(tenant: "a"), Scope(tenant: "a", project: "z"), Scope(tenant: "b")]
                {
                    for name in ["a", "a-1", "a1", "b"] {
                        expected.append(ResourceID(kind: kind, scope: scope, name: name))
                    }
                }
            }
            for id in expected.shuffled() { _ = try await store.create(Resource(id), by: Sample.note) }
            for limit in 1...expected.count + 1 {
                var query = ResourceQuery(limit: limit)
                var ids: [ResourceID] = []
                var pages = 0
                repeat {
                    let page = try await store.list(query)
                    #expect(page.items.count <= limit)
                    #expect(page.nextToken == nil || page.items.count == limit, "only the last page is short")
                    ids += page.items.map(\.id)
                    pages += 1
                    query.pageToken = page.nextToken
                } while query.pageToken != nil && pages < 100
                #expect(ids == expected, "limit \(limit)")
                #expect(pages == max(1, (expected.count + limit - 1) / limit), "no empty last page, limit \(limit)")
            }
        },
        .onStore("a limit outside 1 to 1,000 is brought to the nearer end") { store, _ in
            for name in ["a", "b"] { _ = try await store.create(Sample.widget(name), by: Sample.note) }
            for limit in [-1, 0] {
                #expect(try await store.list(ResourceQuery(limit: limit)).items.count == 1)
                var query = ResourceQuery()
                query.limit = limit
                #expect(try await store.list(query).items.count == 1)
            }
            #expect(ResourceQuery(limit: 5000).limit == 1000)
        },
        .onStore("a token that no list gave out is refused") { store, _ in
            _ = try await store.create(Sample.widget("a"), by: Sample.note)
            for token in ["", "x", "~~~", "a~b~c", "a~b~c~d~e", "\u{0}", String(repeating: "~", count: 5000)] {
                await expectFault(ResourceFaults.invalidPageToken, "token '\(token.prefix(20))'") {
                    var query = ResourceQuery()
                    query.pageToken = token
                    _ = try await store.list(query)
                }
            }
        },
        .onStore(
            "what stays in place is listed exactly once while other resources come and go between pages"
        ) { store, _ in
            let names = (0..<40).map { "stay-\($0 + 100)" }
            for name in names { _ = try await store.create(Sample.widget(name), by: Sample.note) }
            var query = ResourceQuery(limit: 7)
            var seen: [String] = []
            var turn = 0
            repeat {
                let page = try await store.list(query)
                seen += page.items.map(\.metadata.name).filter { $0.hasPrefix("stay") }
                query.pageToken = page.nextToken
                // The page's last resource may go, too: the token is a place, not a resource.
                for name in ["a-\(turn)", "stay-\(turn + 100)a", "z-\(turn)"] {
                    _ = try await store.create(Sample.widget(name), by: Sample.note)
                }
                if turn > 0 { try await store.delete(Sample.id("z-\(turn - 1)"), version: nil, by: Sample.note) }
                turn += 1
            } while query.pageToken != nil
            #expect(seen.filter(Set(names).contains) == names)
        },
        .onStore("a watch from the first page's version misses nothing") { store, harness in
            for name in ["a", "b", "c"] { _ = try await store.create(Sample.widget(name), by: Sample.note) }
            var query = ResourceQuery(limit: 2)
            let first = try await store.list(query)
            _ = try await store.create(Sample.widget("d"), by: Sample.note)
            query.pageToken = first.nextToken
            let second = try await store.list(query)
            _ = try await store.create(Sample.widget("e"), by: Sample.note)
            let seen = try await store.watch(ResourceQuery(), from: first.version).seen(
                upTo: "e", within: harness.patience)
            #expect(seen.map(\.name) == ["d", "e"])
            #expect(first.items.count == 2)
            #expect(second.items.map(\.metadata.name).starts(with: ["c"]))
        },
    ]

    static let selecting: [StoreCheck] = [
        .onStore("every form of selector chooses what it says, on every page size") { store, _ in
            let labels: [String: [String: String]] = [
                "a": [:], "b": ["app": "web"], "c": ["app": "web", "tier": "db"], "d": ["app": "job"],
                "e": ["tier": "db"], "f": ["app": ""],
            ]
            for (name, labels) in labels {
                _ = try await store.create(Sample.widget(name, labels: labels), by: Sample.note)
            }
            let wanted: [(String, [String])] = [
                ("", ["a", "b", "c", "d", "e", "f"]), ("app=web", ["b", "c"]), ("app!=web", ["a", "d", "e", "f"]),
                ("app", ["b", "c", "d", "f"]), ("!app", ["a", "e"]), ("app=web,tier=db", ["c"]),
                ("app=web,tier!=db", ["b"]), ("!app,tier", ["e"]), ("app=", ["f"]),
                ("app!=", ["a", "b", "c", "d", "e"]),
                ("none=x", []), ("app=web,app=job", []),
            ]
            for (text, names) in wanted {
                for limit in [1, 2, 1000] {
                    let query = ResourceQuery(labels: try LabelSelector(text), limit: limit)
                    #expect(try await store.names(query) == names, "selector '\(text)', limit \(limit)")
                }
            }
        },
        .onStore("a selector follows changed labels, and an update without them removes them") { store, _ in
            let made = try await store.create(Sample.widget("a", labels: ["app": "web", "x": "1"]), by: Sample.note)
            try await store.change(made.id) { $0.metadata.labels = ["app": "job"] }
            #expect(try await store.names(ResourceQuery(labels: LabelSelector("app=web"))) == [])
            #expect(try await store.names(ResourceQuery(labels: LabelSelector("app=job"))) == ["a"])
            #expect(try await store.names(ResourceQuery(labels: LabelSelector("x"))) == [])
            #expect(try await store.get(made.id).metadata.labels == ["app": "job"])
            try await store.change(made.id) { $0.metadata.labels = [:] }
            #expect(try await store.names(ResourceQuery(labels: LabelSelector("!app"))) == ["a"])
        },
        .onStore("kind, tenant and project choose; without them everything is listed") { store, _ in
            let scopes: [String: Scope] = [
                "p": .platform, "t": Scope(tenant: "t"), "tp": Scope(tenant: "t", project: "p"),
                "tq": Scope(tenant: "t", project: "q"), "up": Scope(tenant: "u", project: "p"),
            ]
            for (name, scope) in scopes {
                _ = try await store.create(Sample.widget(name, in: scope), by: Sample.note)
                _ = try await store.create(Resource(Sample.id("g" + name, kind: "Gadget", in: scope)), by: Sample.note)
            }
            #expect(try await store.names().count == 10)
            #expect(try await store.names(ResourceQuery(kind: "Widget")) == ["p", "t", "tp", "tq", "up"])
            #expect(try await store.names(ResourceQuery(kind: "Widget", tenant: "t")) == ["t", "tp", "tq"])
            #expect(try await store.names(ResourceQuery(kind: "Widget", tenant: "t", project: "p")) == ["tp"])
            #expect(try await store.names(ResourceQuery(tenant: "u")) == ["gup", "up"])
            #expect(try await store.names(ResourceQuery(tenant: "nobody")) == [])
            #expect(try await store.names(ResourceQuery(kind: "Nothing")) == [])
        },
    ]
}
