internal import Blobs

/// The form of the token file: a token a line, `name scopes token`, with white space between.
///
/// ```
/// # who        may          with
/// dashboard    read         3pXc0Wq0b1mJ5vYt
/// operator     read,manage  sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
/// ```
///
/// The name is 1 … 64 letters, digits or any of `. _ -`. The token has at least 16 characters, or the line holds its
/// SHA-256 (`printf %s TOKEN | sha256sum`), and the file then no secret. `#` begins a comment.
enum TokenFile {
    private static let digestPrefix = "sha256:"

    /// The tokens of a file's text; errors name `path` and the line, never a token.
    static func parse(_ text: String, path: String) throws(AccessError) -> AccessTokens {
        var tokens: [AccessToken] = []
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            if words.isEmpty { continue }
            func bad(_ reason: String) -> AccessError { .badTokenLine(path: path, line: index + 1, reason: reason) }
            guard words.count == 3 else { throw bad("it should be a name, scopes and a token, with spaces between") }
            guard isName(words[0]) else { throw bad("a name is 1 … 64 letters, digits or any of . _ -") }
            let name = String(words[0])
            guard !tokens.contains(where: { $0.name == name }) else { throw bad("the name '\(name)' is there before") }
            guard let scopes = scopes(words[1]) else {
                let known = AccessScope.allCases.map(\.rawValue).joined(separator: ", ")
                throw bad("the scopes are any of \(known), with commas between")
            }
            guard let digest = digest(words[2]) else {
                throw bad(
                    """
                    the token of '\(name)' should be at least \(AccessToken.minimumLength) letters, digits or any of \
                    - . _ ~ + / =, or sha256: and 64 lower-case hexadecimal digits
                    """)
            }
            if let other = tokens.first(where: { $0.digest == digest }) {
                throw bad("'\(name)' and '\(other.name)' have the same token")
            }
            tokens.append(AccessToken(name: name, scopes: scopes, digest: digest))
        }
        guard !tokens.isEmpty else { throw .noTokens(path: path) }
        return AccessTokens(tokens: tokens)
    }

    private static func isName(_ word: Substring) -> Bool {
        (1...64).contains(word.utf8.count)
            && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private static func scopes(_ word: Substring) -> Set<AccessScope>? {
        let scopes = word.split(separator: ",", omittingEmptySubsequences: false).map {
            AccessScope(rawValue: String($0))
        }
        return scopes.contains(nil) ? nil : Set(scopes.compactMap { $0 })
    }

    private static func digest(_ word: Substring) -> Digest? {
        if word.hasPrefix(digestPrefix) { return Digest(hex: String(word.dropFirst(digestPrefix.count))) }
        guard word.utf8.count >= AccessToken.minimumLength, AccessToken.isWellFormed(word) else { return nil }
        return Digest.sha256(of: Array(word.utf8))
    }
}
