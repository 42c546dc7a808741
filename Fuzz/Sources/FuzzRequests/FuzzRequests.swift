import FuzzDriver
import FuzzRecipes
import HTTP
import HTTPTypes

/// The HTTP door: no bytes trap or reach outside, and where they are split makes no difference.
///
/// The first byte of the input says where. The rest is also sent over a whole connection, and read as forms. Behind
/// `HTTP:` and that byte stands a recipe of requests instead.
private func check(_ bytes: [UInt8]) {
    let isRecipe = bytes.starts(with: "HTTP:".utf8)
    guard let first = bytes.dropFirst(isRecipe ? 5 : 0).first else { return }
    var stream = Array(bytes.dropFirst(isRecipe ? 6 : 1))
    if isRecipe {
        var recipe = Recipe(stream)
        stream = RequestRecipe.stream(&recipe)
    }
    let whole = events(in: [stream[...]])
    let middle = stream.count * Int(first) / 256
    precondition(
        events(in: [stream[..<middle], stream[middle...]]) == whole, "split at \(middle) it reads differently")
    let single = stream.indices.map { stream[$0...$0] }
    precondition(events(in: single) == whole, "byte by byte it reads differently")
    Conversation.hold([stream[..<middle], stream[middle...]])
    Reading.readForms(stream)
}

/// What the parser says about a stream that comes in these pieces and then ends; pieces of a body joined.
///
/// How much of a body comes before a failure in it is left open: a request that fails goes to nobody, and bytes not yet
/// handed over are dropped. Which failure it is must not depend on the pieces.
private func events(in pieces: [ArraySlice<UInt8>]) -> [RequestEvent] {
    let limits = Limits(maximumHeaderBytes: 1024, maximumHeaderCount: 16, maximumBodyBytes: 2048)
    var parser = RequestParser(limits: limits)
    var events: [RequestEvent] = []
    func drain() {
        while let event = parser.next() {
            switch (event, events.last) {
            case (.body(let more), .body(let before)): events[events.count - 1] = .body(before + more)
            case (.failure(let error), let last):
                precondition((400..<600).contains(error.status.code), "a failure with status \(error.status)")
                if case .body = last { events.removeLast() }
                events.append(event)
                return
            default: events.append(event)
            }
        }
    }
    for piece in pieces {
        parser.receive(Array(piece).span)
        drain()
    }
    parser.receiveEndOfStream()
    drain()
    return events
}

@main
struct FuzzRequests {
    static func main() {
        // SAFETY: the bytes are valid during the call, and copied in it.
        unsafe runFuzzer { bytes, count in
            check(unsafe fuzzedInput(bytes, count))
            return 0
        }
    }
}
