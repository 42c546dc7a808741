import Testing

@testable import HTTPServer

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080", true), ("[::1]:0", "[::1]:0", true),
        ("localhost:80", "127.0.0.1:80", true),
        (":8080", "0.0.0.0:8080", false), ("*:8080", "0.0.0.0:8080", false), ("0.0.0.0:65535", "0.0.0.0:65535", false),
        ("[::]:443", "[::]:443", false), ("[0:0:0:0:0:0:0:1]:1", "[0:0:0:0:0:0:0:1]:1", true),
        ("127.8.9.1:1", "127.8.9.1:1", true), ("192.168.1.2:1", "192.168.1.2:1", false),
        ("[::ffff:127.0.0.1]:1", "[::ffff:127.0.0.1]:1", true), ("[fe80::1]:1", "[fe80::1]:1", false),
        ("unix:/run/a b.sock", "unix:/run/a b.sock", true), ("systemd:", "systemd:", false),
        ("http://127.0.0.1:80", "127.0.0.1:80", true), ("https://:443", "https://0.0.0.0:443", false),
        ("https://[::1]:443", "https://[::1]:443", true),
        ("https://unix:/run/a.sock", "https://unix:/run/a.sock", true),
        ("http://systemd:", "systemd:", false), ("https://systemd:", "https://systemd:", false),
    ])
    func readsAndWritesAddresses(text: String, written: String, isLoopback: Bool) throws {
        let address = try ListenAddress(text)
        #expect(address.description == written)
        #expect(address.isLoopback == isLoopback)
        #expect(address.isTLS == written.hasPrefix("https://"))
        #expect(address.with(port: address.port) == address)
    }

    @Test(arguments: [
        ("127.0.0.1", "the port is missing"), ("127.0.0.1:", "the port must be a number"),
        ("127.0.0.1:65536", "the port must be a number"), ("127.0.0.1:+80", "the port must be a number"),
        ("127.0.0.1:-1", "the port must be a number"), ("::1:8080", "written in brackets"),
        ("[::1]", "the port must be a number"), ("[127.0.0.1]:80", "not an IPv6 address"),
        ("example.org:80", "must be a numeric address"), ("127.1:80", "must be a numeric address"),
        ("127.0.0.1\0.evil:80", "must be a numeric address"), ("", "the port is missing"),
        ("[fe80::1%lo]:80", "not an IPv6 address"), ("127.0.0.1%lo:80", "must be a numeric address"),
        ("unix:", "must begin with '/'"), ("unix:a.sock", "must begin with '/'"), ("unix:/a\0b", "is no file's"),
        ("unix:/run/", "is no file's"), ("https://", "the port is missing"),
        ("https://127.0.0.1", "the port is missing"),
        ("https://127.0.0.1:443/", "the port must be a number"), ("http://https://:1", "written in brackets"),
        ("ftp://127.0.0.1:21", "written in brackets"),
        ("unix:/\(String(repeating: "a", count: 107))", "may have 107 bytes, and it has 108"),
    ])
    func refusesWhatIsNoAddress(text: String, reason: String) {
        let error = #expect(throws: HTTPServerError.self) { try ListenAddress(text) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
}
