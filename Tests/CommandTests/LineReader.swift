import Foundation

/// What a program writes, line by line.
final class LineReader {
    private let file: FileHandle
    private var unread = ""
    private var isClosed = false
    /// The lines so far.
    private(set) var lines: [String] = []

    init(_ file: FileHandle) {
        self.file = file
    }

    /// The next line that holds `text`; throws if the program ends before.
    func next(holding text: String) throws -> String {
        while true {
            while let end = unread.firstIndex(of: "\n") {
                let line = String(unread[..<end])
                unread = String(unread[unread.index(after: end)...])
                lines.append(line)
                if line.contains(text) { return line }
            }
            let data = file.availableData
            guard !data.isEmpty else { throw ProgramEnded(waitingFor: text, lines: lines) }
            unread += String(decoding: data, as: UTF8.self)
        }
    }

    /// Reads no more: writing fails from now on.
    func close() {
        try? file.close()
        isClosed = true
    }

    /// Reads the rest.
    func finish() throws {
        if !isClosed { unread += String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self) }
        lines += unread.split(separator: "\n").map(String.init)
        unread = ""
    }
}

/// The program ended while a test waited for it to say something.
struct ProgramEnded: Error {
    let waitingFor: String
    let lines: [String]
}
