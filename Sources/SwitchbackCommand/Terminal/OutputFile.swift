import Foundation
import Glibc

/// A file that an answer is written to, or a device or pipe in its place.
enum OutputFile {
    /// Writes all of `bytes` to what `path` names, through symbolic links.
    ///
    /// A regular file is replaced at once or not at all, and keeps its permissions; a device, a pipe or an open descriptor of
    /// this process (`/dev/stdout`, `/dev/fd/3`) is written to, where it stands.
    static func write(_ bytes: [UInt8], to path: String) throws {
        if let descriptor = descriptor(of: path) {
            return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(bytes))
        }
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        switch attributes?[.type] as? FileAttributeType {
        case .typeDirectory?: throw Failure("it is a folder")
        case .typeRegular?:
            try replace(target, with: bytes, permissions: attributes?[.posixPermissions])
        case .typeSymbolicLink? where !FileManager.default.fileExists(atPath: path):
            // What the link names is not there yet.
            let name = try FileManager.default.destinationOfSymbolicLink(atPath: target)
            let folder = URL(fileURLWithPath: target).deletingLastPathComponent()
            try replace(URL(fileURLWithPath: name, relativeTo: folder).path, with: bytes, permissions: nil)
        case nil where !FileManager.default.fileExists(atPath: path):
            try replace(target, with: bytes, permissions: nil)
        default:
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.write(contentsOf: Data(bytes))
        }
    }

    /// The descriptor that a path is a name of; opened by that name, a file would be written from its beginning.
    private static func descriptor(of path: String) -> Int32? {
        switch path {
        case "/dev/stdout": STDOUT_FILENO
        case "/dev/stderr": STDERR_FILENO
        default:
            ["/dev/fd/", "/proc/self/fd/"].first { path.hasPrefix($0) }.flatMap { Int32(path.dropFirst($0.count)) }
        }
    }

    private static func replace(_ path: String, with bytes: [UInt8], permissions: Any?) throws {
        let url = URL(fileURLWithPath: path)
        let place = url.deletingLastPathComponent().appendingPathComponent(".\(UUID().uuidString)")
        // Empty until it has its permissions: nobody reads what they may not.
        try Data().write(to: place, options: .withoutOverwriting)
        do {
            if let permissions {
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: place.path)
            }
            let file = try FileHandle(forWritingTo: place)
            defer { try? file.close() }
            try file.write(contentsOf: Data(bytes))
            // SAFETY: both C strings live for the call, which copies them.
            guard unsafe rename(place.path, path) == 0 else {
                throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
            }
        } catch {
            try? FileManager.default.removeItem(at: place)
            throw error
        }
    }
}
