internal import Concurrency
public import Logging

/// Says of what fails time and again that it fails: once, until it fails otherwise or works again.
public final class Complaint: Sendable {
    private let logger: Logger
    private let subject: String
    private let last = Guarded<String?>(nil)

    /// Nothing has failed yet; `subject` is what is said to fail.
    public init(_ subject: String, _ logger: Logger) {
        self.subject = subject
        self.logger = logger
    }

    /// Takes word of a failure.
    public func failed(_ error: any Error) {
        let text = "\(error)"
        let isNew = last.withLock { last in
            defer { last = text }
            return last != text
        }
        if isNew { logger.error("\(subject) failed", metadata: ["error": "\(text)"]) }
    }

    /// Takes word that it works.
    public func worked() {
        let hadFailed = last.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if hadFailed { logger.notice("\(subject) works again") }
    }
}
