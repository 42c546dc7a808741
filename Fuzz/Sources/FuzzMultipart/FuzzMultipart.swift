import FuzzDriver
import FuzzRecipes
import HTTP
import HTTPTypes

/// The reader of forms: no bytes trap, parts lie in the body in their order with the delimiter in none of them, and a form
/// that was put together by the rules is read as it was meant.
///
/// Behind `FORM:` stands a recipe of a form; any other input is a body by itself.
private func check(_ bytes: [UInt8]) {
    guard bytes.starts(with: "FORM:".utf8) else { return read(bytes, boundary: "B") }
    var recipe = Recipe(bytes.dropFirst(5))
    let form = FormRecipe(&recipe)
    read(form.body, boundary: form.boundary)
    if form.isWellFormed { form.compare() }
    // Cut short and with a byte changed it is another form, or none.
    read(Array(form.body.prefix(recipe.number(below: 256) * form.body.count / 256)), boundary: form.boundary)
    var damaged = form.body
    if !damaged.isEmpty { damaged[recipe.number(below: 256) * damaged.count / 256] = UInt8(recipe.number(below: 256)) }
    read(damaged, boundary: form.boundary)
}

private func read(_ body: [UInt8], boundary: String) {
    let limits = Limits(maximumMultipartParts: 8, maximumPartHeaderBytes: 200)
    do throws(HTTPError) {
        let parts = try Multipart.parse(
            body, contentType: "multipart/form-data; boundary=\"\(boundary)\"", limits: limits)
        precondition(parts.count <= limits.maximumMultipartParts, "\(parts.count) parts over the limit")
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var position = 0
        for part in parts {
            precondition(part.bytes.startIndex >= position, "a part begins within the one before it")
            precondition(part.bytes.endIndex + delimiter.count <= body.count, "a part without a delimiter behind it")
            precondition(body[part.bytes.endIndex...].starts(with: delimiter), "a part ends before its delimiter")
            precondition(!contains(part.bytes, delimiter), "a part holds the delimiter")
            position = part.bytes.endIndex
            _ = try? part.text()
        }
    } catch {
        precondition((400..<500).contains(error.status.code), "a failure with status \(error.status)")
    }
}

private func contains(_ bytes: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: pattern) }
}

@main
struct FuzzMultipart {
    static func main() {
        // SAFETY: the bytes are valid during the call, and copied in it.
        unsafe runFuzzer { bytes, count in
            check(unsafe fuzzedInput(bytes, count))
            return 0
        }
    }
}
