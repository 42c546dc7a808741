import Foundation
import Glibc

/// A blocking client of one connection, over which requests follow one another.
final class KeepAliveClient {
    private let descriptor: Int32
    private let file: FileHandle
    private var unread: [UInt8] = []

    struct Answer {
        let status: Int
        /// The header lines, in lower case.
        let head: String
        let body: [UInt8]

        /// Whether the server ends the connection after it.
        var isLast: Bool { head.contains("connection: close") }
    }

    /// Not all of an answer came.
    struct Incomplete: Error {
        let bytes: Int
    }

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // SAFETY: `address` and `limit` are on this stack frame and outlive the calls, which read exactly their sizes.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard descriptor >= 0, result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    func send(_ bytes: [UInt8]) throws {
        try file.write(contentsOf: Data(bytes))
    }

    /// The next answer, all of it.
    func answer() throws -> Answer {
        var end: Range<Int>?
        while end == nil {
            end = unread.firstRange(of: [13, 10, 13, 10])
            if end == nil { try readMore() }
        }
        let bound = end ?? 0..<0
        let head = String(decoding: unread[..<bound.lowerBound], as: UTF8.self).lowercased()
        let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
        while unread.count < bound.upperBound + length { try readMore() }
        let body = Array(unread[bound.upperBound..<(bound.upperBound + length)])
        unread.removeFirst(bound.upperBound + length)
        return Answer(status: Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0, head: head, body: body)
    }

    private func readMore() throws {
        let data = file.availableData
        guard !data.isEmpty else { throw Incomplete(bytes: unread.count) }
        unread += data
    }
}
