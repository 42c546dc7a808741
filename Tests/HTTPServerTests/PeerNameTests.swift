import Glibc
import Testing

@testable import HTTPServer

struct PeerNameTests {
    @Test func clientsAreCountedByTheirPartOfTheNetwork() {
        #expect(PeerName.client(of: "192.0.2.1") == "192.0.2.1")
        #expect(PeerName.client(of: "192.0.2.2") == "192.0.2.2")
        #expect(PeerName.client(of: "2001:db8:1:2::3") == PeerName.client(of: "2001:db8:1:2:ffff::1"))
        #expect(PeerName.client(of: "2001:db8:1:2::3") != PeerName.client(of: "2001:db8:1:3::3"))
        #expect(PeerName.client(of: "unix") == "unix")
    }

    @Test func aPeerThatAcknowledgesNothingIsGivenUp() throws {
        let calls = Syscalls.kernel
        let listener = Int32(calls.listen(try ListenAddress("127.0.0.1:0"), ListenOptions(backlog: 8, mode: 0)))
        try #require(listener >= 0)
        defer { _ = calls.close(listener) }
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(calls.boundPort(listener)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        // SAFETY: both pointers are to variables of this function, of the sizes given.
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        let accepted = Int32(calls.accept(listener).result)
        try #require(accepted >= 0)
        defer { _ = calls.close(accepted) }
        var (milliseconds, size) = (UInt32(0), socklen_t(MemoryLayout<UInt32>.size))
        // SAFETY: both pointers are to variables of this function; the kernel writes four bytes at most.
        let status = unsafe getsockopt(accepted, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, &size)
        #expect(status == 0 && milliseconds == 120_000)
    }
}
