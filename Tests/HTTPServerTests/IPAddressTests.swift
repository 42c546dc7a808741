import Testing

@testable import HTTPServer

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "::ffff:192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("fe80::1", "fe80::2", false), ("fe80::1%eth0", "fe80::1", true), ("::1", "0.0.0.1", false),
    ])
    func tellsClientsApart(one: String, other: String, areTheSame: Bool) throws {
        let (one, other) = (try #require(IPAddress(one)), try #require(IPAddress(other)))
        #expect((one.client == other.client) == areTheSame)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4%lo", "::g", "1::2::3", "a", "1.2.3.4\0", "::1\0",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.1.2.3", 8, "10.0.0.0"), ("10.1.2.3", 32, "10.1.2.3"), ("10.1.2.3", 0, "0.0.0.0"),
        ("10.1.2.3", 31, "10.1.2.2"),
        ("2001:db8::1", 32, "2001:db8::"), ("2001:db8::1", 0, "::"), ("2001:db8::1", 128, "2001:db8::1"),
        ("2001:db8:1:2:8000::1", 65, "2001:db8:1:2:8000::"), ("2001:db8:1:2:8000::1", 64, "2001:db8:1:2::"),
    ])
    func keepsTheFirstBits(text: String, length: Int, masked: String) throws {
        #expect(try #require(IPAddress(text)).masked(to: length) == IPAddress(masked))
    }
}
