import FuzzRecipes
import HTTP

/// A form by a recipe, and what it means.
struct FormRecipe {
    struct Part {
        var name: String
        var filename: String?
        var type: String?
        var content: [UInt8]
    }

    let boundary: String
    private(set) var parts: [Part] = []
    private(set) var body: [UInt8] = []
    /// Whether nothing in it breaks RFC 7578.
    private(set) var isWellFormed = true

    init(_ recipe: inout Recipe) {
        boundary = recipe.choose([
            "B", "----x", "a b", "'()+_,-./:=?", "BB", String(repeating: "b", count: 70), "-", "--",
        ])
        let delimiter = "--\(boundary)"
        if recipe.happens(onceIn: 6) { add("preamble\r\n") }
        for _ in 0..<recipe.number(below: 7) {
            add(delimiter + recipe.choose(["\r\n", "\r\n", "\r\n", " \t\r\n"]))
            addPart(&recipe, delimiter)
            add(recipe.happens(onceIn: 20) ? broken("\n") : "\r\n")
        }
        add(delimiter + (recipe.happens(onceIn: 20) ? broken(recipe.choose(["", "-", "\r\n", "-- x"])) : "--"))
        if recipe.happens(onceIn: 4) { add("\r\nepilogue") }
    }

    /// Reads it, and traps where it is not read as it was meant.
    func compare() {
        guard let read = try? Multipart.parse(body, contentType: "multipart/form-data; boundary=\"\(boundary)\"") else {
            preconditionFailure("a form by the rules is refused")
        }
        precondition(read.count == parts.count, "\(read.count) parts of \(parts.count)")
        for (one, other) in zip(read, parts) {
            precondition(one.name == other.name && one.filename == other.filename, "another name than \(other)")
            precondition(
                one.contentType == other.type && Array(one.bytes) == other.content, "another part than \(other)")
        }
    }

    private mutating func addPart(_ recipe: inout Recipe, _ delimiter: String) {
        var part = Part(name: recipe.choose(["image", "layer", "", "n\u{E9}", "a;b"]), content: [])
        var disposition = "Content-Disposition: form-data; name=\"\(part.name)\""
        if recipe.happens(onceIn: 2) {
            part.filename = recipe.choose(["a.png", "", "b c.png", "x;y=z"])
            disposition += "; filename=\"\(part.filename ?? "")\""
        }
        var lines = [disposition]
        if recipe.happens(onceIn: 2) {
            part.type = recipe.choose(["image/png", "text/plain; charset=utf-8"])
            lines.append("content-type:  \(part.type ?? "")\t")
        }
        if recipe.happens(onceIn: 8) { lines.append(broken(recipe.choose(Self.oddLines))) }
        if recipe.happens(onceIn: 3) { lines.reverse() }
        add(lines.joined(separator: "\r\n") + "\r\n\r\n")
        part.content = recipe.bytes(upTo: 80)
        // What looks like the end nearly, and nearly again.
        let almost = Array("\r\n\(delimiter.dropLast())".utf8)
        for _ in 0..<recipe.number(below: 3) {
            part.content += recipe.choose([almost, [13], [13, 10], [13, 10, 45, 45]])
        }
        let whole = Array("\r\n\(delimiter)".utf8)
        if part.content.indices.contains(where: { part.content[$0...].starts(with: whole) }) { isWellFormed = false }
        // Content and the line end behind it may make a delimiter earlier than meant.
        let ends = part.content + whole
        if ends.indices.first(where: { ends[$0...].starts(with: whole) }) != part.content.count { isWellFormed = false }
        body += part.content
        parts.append(part)
    }

    private static let oddLines = [
        "Content-Disposition: form-data", "Content-Transfer-Encoding: base64", " folded", "A", ": b", "A : b",
        "Content-Type: a/b\nX: y", "Content-Disposition: attachment; name=a",
        String(repeating: "L", count: 300) + ": x",
    ]

    private mutating func broken(_ text: String) -> String {
        isWellFormed = false
        return text
    }

    private mutating func add(_ text: String) { body += Array(text.utf8) }
}
