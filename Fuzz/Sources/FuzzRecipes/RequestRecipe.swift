/// Requests by a recipe: most parts are well-formed, so that the fuzzer gets behind the first line, and each may be one
/// that servers have been fooled with.
public enum RequestRecipe {
    /// Requests that follow each other, until the recipe ends or there are four.
    public static func stream(_ recipe: inout Recipe) -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<4 where !recipe.isEmpty { stream += request(&recipe) }
        return stream
    }

    /// A request with its body, if it has one.
    public static func request(_ recipe: inout Recipe) -> [UInt8] {
        var text: [UInt8] = []
        func add(_ words: String) { text += Array(words.utf8) }
        add(recipe.choose(["GET", "POST", "HEAD", "OPTIONS", "PUT", "CONNECT", "", "G\0T", "get", "Ärger"]))
        add(recipe.choose([" ", " ", " ", " ", "  ", "\t", ""]))
        add(recipe.choose(targets))
        if recipe.happens(onceIn: 8) { text += recipe.bytes(upTo: 20) }
        add(
            recipe.choose([
                " HTTP/1.1", " HTTP/1.1", " HTTP/1.1", " HTTP/1.0", " HTTP/2.0", " HTTP/1.11", " http/1.1", "",
            ]))
        add(lineEnd(&recipe))
        if !recipe.happens(onceIn: 12) { add("Host: " + recipe.choose(hosts) + lineEnd(&recipe)) }
        for _ in 0..<recipe.number(below: 5) {
            add(recipe.choose(fields))
            if recipe.happens(onceIn: 6) { text += recipe.bytes(upTo: 20) }
            add(lineEnd(&recipe))
        }
        return text + body(&recipe)
    }

    private static let targets = [
        "/", "/a/b?c=d&e", "/refused", "*", "http://h/x", "https://[::1]:8/?q", "/%2e%2e/%41", "/%", "/%00", "/a#b",
        "h:1", "//", "/..", "?", "/\u{E9}", "/[]?[]",
    ]

    private static let hosts = [
        "h", "h:80", "[::1]", "[::1]:8", "", "a b", "u@h", "%41", "h:99999", "[::", "h\r\nHost: i",
    ]

    private static let fields = [
        "Connection: close", "Connection: keep-alive", "Expect: 100-continue", "Expect: 200", "A: b", "A : b",
        " folded",
        "Content-Type: text/plain", "Content-Length: 3", "Content_Length: 3", "Transfer-Encoding: chunked", ": b", "A",
        "Transfer-Encoding: gzip, chunked", "Accept: */*;q=0.1, text/html", "Range: bytes=0-4", "If-None-Match: \"a\"",
        "X: \u{1}", "Transfer-Encoding: \u{B}chunked", "Accept-Encoding: gzip;q=0, *",
    ]

    private static func lineEnd(_ recipe: inout Recipe) -> String {
        recipe.happens(onceIn: 24) ? recipe.choose(["\n", "\r", "\r\r\n", "\n\r\n", ""]) : "\r\n"
    }

    /// The field that tells the length, the empty line and the body.
    private static func body(_ recipe: inout Recipe) -> [UInt8] {
        let content = recipe.bytes(upTo: 60)
        switch recipe.number(below: 4) {
        case 0: return Array("\r\n".utf8)
        case 1:
            let lie =
                recipe.happens(onceIn: 8) ? recipe.choose(["+", "-", "0x", " ", "1", "9999999999", ", ", "_"]) : ""
            return Array("Content-Length: \(lie)\(content.count)\r\n\r\n".utf8) + content
        default:
            return Array("Transfer-Encoding: chunked\r\n\r\n".utf8) + chunks(content, &recipe)
        }
    }

    private static func chunks(_ content: [UInt8], _ recipe: inout Recipe) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = content[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(1 + recipe.number(below: 20))
            rest = rest.dropFirst(chunk.count)
            let size = recipe.choose(["", "", "", "", "0", "+", "0x", " "]) + String(chunk.count, radix: 16)
            let addition = recipe.choose(["", "", "", "", ";a", ";a=\"b;\\\"\"", " ;a = b", ";", " ", ";a=\"", ";\rb"])
            bytes += Array((size + addition + lineEnd(&recipe)).utf8) + chunk + Array(lineEnd(&recipe).utf8)
        }
        let trailer = recipe.choose(["", "", "", "T: t\r\n", "Host: h\r\n", "Content-Length: 1\r\n", "T : t\r\n"])
        return bytes + Array("0\(lineEnd(&recipe))\(trailer)\r\n".utf8)
    }
}
