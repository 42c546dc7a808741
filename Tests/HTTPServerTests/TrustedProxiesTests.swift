import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct TrustedProxiesTests {
    private static let proxy = Caller(peer: "10.0.0.1", scheme: "http")

    private func client(_ fields: [(String, String)], of proxy: Caller = proxy) throws -> Caller {
        let trusted = try TrustedProxies(["10.0.0.0/8", "2001:db8::/32", "unix"])
        #expect(trusted.contains(proxy))
        var all = HTTPFields()
        for (name, value) in fields { all.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        return trusted.client(of: all, from: proxy)
    }

    @Test(arguments: [
        ("10.200.0.1", true), ("11.0.0.1", false), ("2001:db8:9::1", true), ("2001:db9::1", false), ("unix", true),
        ("::ffff:10.0.0.1", true), ("::a00:1", false),
    ])
    func knowsItsProxies(peer: String, isTrusted: Bool) throws {
        let trusted = try TrustedProxies(["10.0.0.0/8", "2001:db8::/32", "unix"])
        #expect(trusted.contains(Caller(peer: peer, scheme: "http")) == isTrusted)
        #expect(!TrustedProxies().contains(Caller(peer: peer, scheme: "http")))
    }

    @Test(
        arguments: [
            ([("X-Forwarded-For", "192.0.2.1")], "192.0.2.1"),
            ([("X-Forwarded-For", "192.0.2.9, 192.0.2.1")], "192.0.2.1"),
            ([("X-Forwarded-For", "192.0.2.9, 192.0.2.1, 10.0.0.7")], "192.0.2.1"),
            ([("X-Forwarded-For", "192.0.2.9"), ("X-Forwarded-For", "192.0.2.1, 10.0.0.7")], "192.0.2.1"),
            ([("X-Forwarded-For", "nonsense, 192.0.2.1")], "192.0.2.1"),
            ([("X-Forwarded-For", "10.0.0.9, 10.0.0.7")], "10.0.0.9"),
            ([("X-Forwarded-For", "[2001:db9::1]:4711")], "2001:db9::1"),
            ([("Forwarded", "for=192.0.2.9, for=\"[2001:db9::1]:_x\"")], "2001:db9::1"),
            ([("Forwarded", "for=192.0.2.1"), ("X-Forwarded-For", "192.0.2.1")], "192.0.2.1"),
            ([], "10.0.0.1"),
            ([("X-Forwarded-For", "192.0.2.1, nonsense")], "10.0.0.1"),
            ([("X-Forwarded-For", "192.0.2.1, nonsense, 10.0.0.7")], "10.0.0.1"),
            ([("Forwarded", "for=192.0.2.1, for=_hidden")], "10.0.0.1"),
            // The proxy writes one of them; the other one is the client's invention.
            ([("Forwarded", "for=192.0.2.66"), ("X-Forwarded-For", "192.0.2.1")], "10.0.0.1"),
            ([("Forwarded", "for=_hidden"), ("X-Forwarded-For", "192.0.2.1")], "10.0.0.1"),
        ] as [([(String, String)], String)])
    func findsTheClient(fields: [(String, String)], name: String) throws {
        let client = try client(fields)
        #expect(client.name == name)
        #expect(client.address == IPAddress(name))
    }

    @Test(
        arguments: [
            ([("X-Forwarded-Proto", "https")], "https"), ([("Forwarded", "for=192.0.2.1;proto=https")], "https"),
            ([("X-Forwarded-Proto", "gopher")], "http"), ([], "http"),
            ([("X-Forwarded-Proto", "http"), ("Forwarded", "proto=https")], "http"),
        ] as [([(String, String)], String)])
    func findsTheScheme(fields: [(String, String)], scheme: String) throws {
        #expect(try client(fields).scheme == scheme)
        #expect(try client(fields, of: Caller(peer: "unix", scheme: "http")).scheme == scheme)
    }

    @Test(arguments: [
        ("example.org", "neither an address"), ("10.0.0.0/33", "from 0 to 32"), ("10.0.0.0/", "from 0 to 32"),
        ("10.0.0.0/+8", "from 0 to 32"), ("::/129", "from 0 to 128"), ("10.0.0.1/8", "behind the first 8"),
        ("", "neither"),
        ("10.0.0.0/8/8", "from 0 to 32"), ("fe80::1%eth0", "neither"),
    ])
    func refusesWhatIsNoProxy(text: String, reason: String) {
        let error = #expect(throws: HTTPServerError.self) { try TrustedProxies([text]) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix("cannot trust '\(text)' as a proxy: ") == true)
    }
}
