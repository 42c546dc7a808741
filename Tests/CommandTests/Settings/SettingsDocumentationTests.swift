import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import SwitchbackCommand

/// The table of settings, the flags, the sample file and the page of documentation say the same.
@Suite struct SettingsDocumentationTests {
    private func file(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: Fixtures.root.appendingPathComponent(path)), as: UTF8.self)
    }

    @Test func theSampleFileIsThatOfTheTable() throws {
        #expect(
            try file("Config/switchback.yaml") == SettingsReference.sample,
            "make it anew: switchback config --reference yaml > Config/switchback.yaml")
    }

    @Test func theSampleFileSaysTheDefaults() throws {
        let text = SettingsReference.sample
        #expect(try SettingsFile(text, path: "f.yaml").entries.isEmpty)
        let active = text.split(separator: "\n").filter {
            $0.hasPrefix("#") && !$0.hasPrefix("# ") && !$0.hasSuffix(":")
        }
        .map { $0.dropFirst() }.joined(separator: "\n")
        let entries = try SettingsFile(active, path: "f.yaml").entries
        #expect(
            entries.map(\.name)
                == Setting.all.filter { !$0.words(in: ServiceSettings()).isEmpty && $0.defaultWords == nil }.map(\.name)
        )
        for entry in entries {
            #expect(entry.words == Setting.named(entry.name)?.words(in: ServiceSettings()), "\(entry.name)")
        }
    }

    @Test func thePageHoldsTheTable() throws {
        let page = try file("Documentation/Configuration.md")
        #expect(
            page.contains(SettingsReference.markdown),
            "put the output of 'switchback config --reference markdown' into the page")
    }

    @Test func theFlagsAreThoseOfTheTable() throws {
        let help = Serve.helpMessage(includeHidden: true, columns: 200)
        let flags = help.matches(of: /(?m)^ +(--[a-z-]+)/).map { String($0.1) }
        #expect(Set(flags) == Set(Setting.all.map(\.flag) + ["--config"]))
        for setting in Setting.all {
            #expect(help.contains(setting.summary + " (default: \(setting.documentedDefault))"), "\(setting.name)")
        }
        for group in Setting.groups { #expect(help.contains(group.title.uppercased() + ":")) }
    }

    @Test func theShortHelpFitsOnTwoScreens() {
        let lines = Serve.helpMessage(columns: 100).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 96)
    }

    @Test func eachFlagSetsItsOwnSetting() throws {
        for setting in Setting.all {
            let words = setting.words(in: ServiceSettings())
            let word = words.first ?? (setting.name == "instruction-set" ? "scalar" : "x")
            let arguments = setting.isSwitch ? [setting.flag] : [setting.flag, word]
            let parsed = try ServiceArguments.parse(arguments)
            #expect(parsed.given == [setting.name: [setting.isSwitch ? "true" : word]])
        }
    }

    @Test func namesAreKebabCaseAndUnique() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(setting.name)")
            #expect(setting.summary.hasSuffix("."), "\(setting.name)")
        }
    }
}
