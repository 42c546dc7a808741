import Testing

@testable import HTTP

@Suite struct ForwardedHopTests {
    @Test(
        arguments: [
            ("192.0.2.1", ["192.0.2.1"]), ("192.0.2.1:4711, 2001:db8::1", ["192.0.2.1", "2001:db8::1"]),
            ("[2001:db8::1]:80 ,[::1]", ["2001:db8::1", "::1"]), ("unknown", [nil]),
            ("_hidden, 10.0.0.1", [nil, "10.0.0.1"]),
            ("192.0.2.1:", [nil]), ("192.0.2.1:123456", [nil]), ("[::1", [nil]), ("[192.0.2.1]", [nil]),
            ("fe80::1%eth0", [nil]), ("example.org", [nil]), ("", []), (" , 10.0.0.1", [nil, "10.0.0.1"]),
            ("\"open, 10.0.0.1", [nil, "10.0.0.1"]), ("1.2.3.4\u{1B}[2J", [nil]),
        ] as [(String, [String?])])
    func readsXForwardedFor(field: String, hosts: [String?]) {
        #expect(ForwardedHop.hops(xForwardedFor: [field]).map(\.host) == hosts)
    }

    @Test(
        arguments: [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", ["192.0.2.60"], ["http"]),
            ("For=\"[2001:db8:cafe::17]:4711\"", ["2001:db8:cafe::17"], [nil]),
            (
                "for=192.0.2.43, for=\"198.51.100.17:_port\";proto=HTTPS", ["192.0.2.43", "198.51.100.17"],
                [nil, "https"]
            ),
            ("for=_gazonk;host=a.example", [nil], [nil]), ("for=unknown", [nil], [nil]),
            ("proto=https", [nil], ["https"]),
            ("for=\"_gazonk:80\"", [nil], [nil]), ("for=\"2001:db8::1\"", [nil], [nil]),
            ("for=1.2.3.4;for=5.6.7.8", [nil], [nil]),
            ("for", [nil], [nil]), ("for=192.0.2.43:80", [nil], [nil]), ("proto=gopher", [nil], [nil]), ("", [], []),
        ] as [(String, [String?], [String?])])
    func readsForwarded(field: String, hosts: [String?], schemes: [String?]) {
        let hops = ForwardedHop.hops(forwarded: [field])
        #expect(hops.map(\.host) == hosts)
        #expect(hops.map(\.scheme) == schemes)
    }

    @Test func linesOfAFieldFollowEachOther() {
        #expect(
            ForwardedHop.hops(xForwardedFor: ["1.1.1.1", "2.2.2.2, 3.3.3.3"]).map(\.host) == [
                "1.1.1.1", "2.2.2.2", "3.3.3.3",
            ])
        #expect(ForwardedHop.hops(forwarded: ["for=1.1.1.1", "for=2.2.2.2"]).map(\.host) == ["1.1.1.1", "2.2.2.2"])
    }

    @Test(
        arguments: [("https", "https"), ("http, HTTPS", "https"), ("https, http", "http"), ("ftp", nil), ("", nil)]
            as [(String, String?)])
    func readsXForwardedProto(field: String, scheme: String?) {
        #expect(ForwardedHop.scheme(xForwardedProto: [field]) == scheme)
    }
}
