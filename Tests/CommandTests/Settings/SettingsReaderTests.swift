import Concurrency
import HTTP
import HTTPServer
import Testing

@testable import SwitchbackCommand

@Suite struct SettingsReaderTests {
    private let machine = Machine(cores: 2, memoryLimit: nil, modelFolder: "M")

    private func read(
        flags: [String: [String]] = [:], variables: [String: String] = [:], file: String? = nil
    ) throws -> SettingsInForce {
        let file = try file.map { try SettingsFile($0, path: "f.yaml") }
        return try SettingsReader(flags: flags, variables: variables, file: file, machine: machine).read()
    }

    private func source(_ name: String, in settings: SettingsInForce) -> SettingSource? { settings.sources[name] }

    @Test func aFlagGoesBeforeAVariableBeforeTheFileBeforeTheDefault() throws {
        let file = "queue: 1\nhandlers: 1\nmax-connections: 1\n"
        let variables = ["SWITCHBACK_QUEUE": "2", "SWITCHBACK_HANDLERS": "2"]
        let settings = try read(flags: ["queue": ["3"]], variables: variables, file: file)
        #expect(settings.values.server.queueLength == 3)
        #expect(settings.values.server.handlerCount == 2)
        #expect(settings.values.server.maximumConnections == 1)
        #expect(settings.values.server.backlog == ServiceSettings().server.backlog)
        #expect(source("queue", in: settings) == .flag("--queue"))
        #expect(source("handlers", in: settings) == .variable("SWITCHBACK_HANDLERS"))
        #expect(source("max-connections", in: settings) == .file(path: "f.yaml", line: 3))
        #expect(source("backlog", in: settings) == .standard(note: nil))
    }

    @Test func aListReplacesThatOfAWeakerPlace() throws {
        let settings = try read(
            variables: ["SWITCHBACK_LISTEN": "127.0.0.1:1,[::1]:2"], file: "listen: [127.0.0.1:9]")
        #expect(settings.values.server.addresses.map(\.description) == ["127.0.0.1:1", "[::1]:2"])
    }

    @Test func anEmptyVariableIsNoVariable() throws {
        #expect(try source("threads", in: read(variables: ["SWITCHBACK_THREADS": ""])) == .standard(note: nil))
    }

    @Test func aWrongValueCountsEvenWhereSomethingStrongerIsThere() {
        #expect(throws: SettingsError.self) { try read(flags: ["threads": ["2"]], file: "threads: many") }
    }

    @Test func saysWhereAWrongValueStands() {
        let allowed = "allowed: 1 to 1024"
        #expect(
            throws: SettingsError.badValue(
                setting: "threads", value: "0", source: .flag("--threads"), reason: allowed)
        ) { try read(flags: ["threads": ["0"]]) }
        #expect(
            throws: SettingsError.badValue(
                setting: "threads", value: "x", source: .file(path: "f.yaml", line: 2), reason: allowed)
        ) { try read(file: "queue: 1\nthreads: x") }
        let error = SettingsError.badValue(
            setting: "threads", value: "x", source: .file(path: "f.yaml", line: 2), reason: allowed)
        #expect("\(error)" == "f.yaml:2: 'threads' cannot be 'x'; allowed: 1 to 1024")
    }

    @Test func saysWhatIsWrongWithAnAddress() {
        do {
            _ = try read(flags: ["listen": ["nowhere"]])
            Issue.record("'nowhere' was taken")
        } catch {
            #expect("\(error)".contains("the port is missing; allowed: 127.0.0.1:8080"), "\(error)")
        }
    }

    @Test func whatSystemdHandsOverIsTakenOnce() throws {
        let taken = try read(flags: ["listen": ["https://systemd:", "127.0.0.1:1"]]).values.server.addresses
        #expect(taken.map(\.description) == ["https://systemd:", "127.0.0.1:1"])
        let error = #expect(throws: SettingsError.self) {
            try read(flags: ["listen": ["systemd:", "https://systemd:"]])
        }
        #expect(error?.description.contains("what systemd hands over is taken once") == true)
    }

    @Test func whatNobodyGaveFollowsFromTheMachineAndTheRest() throws {
        let settings = try read(file: "max-image-bytes: 1 MiB").values
        #expect(settings.threads == 2)
        #expect(settings.models == ["M"])
        #expect(settings.server.limits.maximumBodyBytes == (1 << 20) + (1 << 19) + (64 << 10))
        #expect(try read(file: "max-body-bytes: 5").values.server.limits.maximumBodyBytes == 5)
    }

    @Test func everySettingTakesItsOwnValueBack() throws {
        let settings = try read()
        for setting in Setting.all {
            let words = setting.words(in: settings.values)
            guard !words.isEmpty else { continue }
            var values = settings.values
            try setting.assign(words, to: &values)
            #expect(setting.words(in: values) == words, "\(setting.name)")
        }
    }

    @Test func warnsOfVariablesThatLookLikeSettings() {
        let environment = Environment(
            variables: ["SWITCHBACK_THREAD": "1", "SWITCHBACK_PORT": "tcp://10.0.0.1:80", "SWITCHBACK_CONFIG": ""],
            executable: Environment.current.executable)
        #expect(
            environment.warnings == ["the variable SWITCHBACK_THREAD is no setting's; did you mean SWITCHBACK_THREADS?"]
        )
    }
}
