/// What belongs to routes, in words.
enum RouteWords {
    /// The layers of a probe from the bottom up, by their names in the API.
    static let layers: [(name: String, words: Words)] = [
        ("NameResolves", Words("The name resolves", "域名解析")),
        ("TCPConnects", Words("TCP connects", "TCP 连接")),
        ("TLSEstablished", Words("TLS is established", "建立 TLS")),
        ("IdentityProven", Words("The peer proves who it is", "对方身份得到证明")),
        ("VersionAgreed", Words("A version is agreed", "协议版本一致")),
        ("PolicyAllows", Words("Both sides allow it", "双方策略允许")),
        ("RoundTrip", Words("Round trip", "往返时延")),
        ("Bandwidth", Words("Bandwidth", "带宽")),
        ("LargestMessage", Words("The largest message comes through", "最大消息可通过")),
        ("ProxyBuffering", Words("Nothing on the way holds messages back", "途中没有代理缓存消息")),
        ("ClockDifference", Words("The clocks agree", "时钟一致")),
    ]

    static func layer(_ name: String) -> HTML {
        layers.first { $0.name == name }.map { HTML($0.words) } ?? plain(name)
    }

    static func kind(_ kind: String?) -> Words {
        switch kind {
        case "reverse": Words("reverse: the peer dials", "反向：由对方拨入")
        case "relay": Words("relay", "中继")
        default: Words("direct: this site dials", "直连：由本站点拨出")
        }
    }

    static func shortKind(_ kind: String?) -> Words {
        switch kind {
        case "reverse": Words("reverse", "反向")
        case "relay": Words("relay", "中继")
        default: Words("direct", "直连")
        }
    }

    /// Milliseconds with one decimal.
    static func roundTrip(_ microseconds: Int64?) -> String? {
        microseconds.map { "\(decimalText(Double($0) / 1000, 1)) ms" }
    }

    static func bandwidth(_ bitsPerSecond: Int64?) -> String? {
        bitsPerSecond.map { rate in
            rate < 10_000_000
                ? "\(decimalText(Double(rate) / 1_000_000, 1)) Mbit/s" : "\(numberText(rate / 1_000_000)) Mbit/s"
        }
    }
}
