import HTTP
import HTTPTypes

/// What a client is sent, held against the answers that were given: each of them once, in order, and nothing else.
struct Transcript {
    private var bytes: [UInt8] = []
    private var expected: [(status: Int, body: Int, isSure: Bool)] = []

    /// Takes note of an answer.
    ///
    /// Without a method the request is too broken to be shown: it may be HEAD all the same.
    mutating func expect(_ response: Response, answering method: HTTPRequest.Method?) {
        let hasBody = ResponseSerializer.sendsBody(response.status, answering: method ?? .get)
        expected.append((response.status.code, hasBody ? response.body.count : 0, method != nil))
    }

    mutating func write(_ more: [UInt8]) {
        bytes += more
    }

    /// Traps where the client reads anything else; the last answers may be missing unless all was written.
    func check(isWhole: Bool) {
        var rest = bytes[...]
        var answers = expected[...]
        let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        while !rest.isEmpty {
            if rest.starts(with: interim) {
                rest = rest.dropFirst(interim.count)
                continue
            }
            if interim.starts(with: rest) && !isWhole { return }
            guard let answer = answers.popFirst() else { preconditionFailure("more is sent than there were answers") }
            let head = Array("HTTP/1.1 \(answer.status) ".utf8)
            guard let end = headEnd(rest) else {
                precondition(!isWhole, "half an answer is sent")
                return
            }
            precondition(rest.starts(with: head), "another answer is sent than was given")
            if !answer.isSure, end == rest.endIndex { return }
            precondition(rest[end...].prefix(answer.body).allSatisfy { $0 == 0x78 }, "another body is sent")
            precondition(!isWhole || rest[end...].count >= answer.body, "half a body is sent")
            rest = rest[end...].dropFirst(answer.body)
        }
        precondition(!isWhole || answers.isEmpty, "\(answers.count) answers are not sent")
    }

    private func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + 3 < bytes.endIndex {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index + 4
            }
            index += 1
        }
        return nil
    }
}
