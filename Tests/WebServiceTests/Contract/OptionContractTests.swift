import Foundation
import Switchback
import TestSupport
import Testing

/// The table of options in the code, `openapi.yaml` and the README name the same options with the same values.
///
/// That the command line's help does is tested with the command.
struct OptionContractTests {
    /// The operations that take the options of a kind: by body and, where there is one, by URL.
    private func operations(of kind: ExplanationKind, in contract: Contract) -> [ContractOperation] {
        contract.operations.filter { $0.path == "/\(kind.rawValue)" && $0.method != "OPTIONS" }
    }

    @Test(arguments: ExplanationKind.allCases)
    func contractHasTheOptionsOfTheTable(kind: ExplanationKind) throws {
        let expected = OptionDefinition.options(of: kind)
        let found = operations(of: kind, in: try Contract())
        #expect(!found.isEmpty)
        for operation in found {
            let options = operation.parameters.filter { $0.place == "query" && !Self.isOfTheAddress($0.name) }
            #expect(Set(options.map(\.name)) == Set(expected.map(\.name)), "\(operation)")
            #expect(options.count == expected.count, "\(operation)")
        }
    }

    /// Not options of an explanation: which image, and the signature of a link.
    private static func isOfTheAddress(_ name: String) -> Bool { ["image", "expires", "signature"].contains(name) }

    @Test(arguments: ExplanationKind.allCases)
    func contractAndTableListTheSameWords(kind: ExplanationKind) throws {
        let table = Dictionary(uniqueKeysWithValues: OptionDefinition.options(of: kind).map { ($0.name, $0) })
        for operation in operations(of: kind, in: try Contract()) {
            for parameter in operation.parameters {
                guard let definition = table[parameter.name] else { continue }
                #expect(
                    parameter.company["format"] == definition.format?.rawValue,
                    "\(operation): x-goes-with of \(parameter.name)")
                let words = definition.values.split(separator: "; ").map(String.init)
                let choosesRoute = ["view", "array"].contains(parameter.name)
                guard !choosesRoute, words.allSatisfy({ $0.allSatisfy(\.isLowercase) }), words.count > 1 else {
                    continue
                }
                #expect(Set(words).isSubset(of: parameter.values), "\(operation): values of \(parameter.name)")
            }
        }
    }

    @Test func readmeListsEveryOption() throws {
        let text = String(
            decoding: try Data(contentsOf: Fixtures.root.appendingPathComponent("README.md")), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for option in OptionDefinition.all {
            guard
                let row = rows.first(where: { $0.hasPrefix("| `\(option.name)` ") || $0.contains("`\(option.name)`") })
            else {
                Issue.record("README.md has no row for '\(option.name)'")
                continue
            }
            let words = option.values.split(separator: "; ").map(String.init).filter { $0.allSatisfy(\.isLowercase) }
            for word in words { #expect(row.contains(word), "README.md: '\(option.name)' may be '\(word)'") }
        }
    }
}
