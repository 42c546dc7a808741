import HTTPServer
import Switchback
import Testing

@testable import SwitchbackCommand

@Suite struct MemoryBoundTests {
    private func settings(memory: Int?, file: String = "") throws -> SettingsInForce {
        let machine = Machine(cores: 2, memoryLimit: memory, modelFolder: nil)
        return try SettingsReader(file: SettingsFile(file, path: "f.yaml"), machine: machine).read()
    }

    @Test func withoutALimitNothingIsLowered() throws {
        let settings = try settings(memory: nil)
        #expect(settings.values.engine.maximumImagePixels == ServiceSettings().engine.maximumImagePixels)
        #expect(settings.sources["max-image-pixels"] == .standard(note: nil))
    }

    @Test(arguments: [512 << 20, 1 << 30, 2 << 30, 4 << 30])
    func theDefaultsFitIntoTheGroup(memory: Int) throws {
        let bound = MemoryBound(try settings(memory: memory).values)
        #expect(bound.total <= memory)
        #expect(bound.complaint(limit: memory) == nil)
    }

    @Test func saysThatItLoweredADefault() throws {
        let settings = try settings(memory: 512 << 20)
        #expect(
            "\(settings.source(of: try #require(Setting.named("max-image-pixels"))))"
                == "default, lowered to fit into 512 MiB of memory")
    }

    @Test func whatSomebodyGaveStaysAndIsComplainedOf() throws {
        let settings = try settings(memory: 1 << 30, file: "max-held-body-bytes: 8 GiB").values
        #expect(settings.server.maximumHeldBodyBytes == 8 << 30)
        let complaint = try #require(MemoryBound(settings).complaint(limit: 1 << 30))
        #expect(complaint.contains("GiB for bodies (twice max-held-body-bytes + max-body-bytes)"))
        #expect(complaint.contains("allows 1 GiB"))
    }

    @Test func theSumDoesNotOverflow() throws {
        let file = "max-connections: 1000000\nmax-header-bytes: 16 MiB\nhandlers: 1024\nmax-image-pixels: 4294967296\n"
        #expect(MemoryBound(try settings(memory: nil, file: file).values).total > 1 << 40)
    }

    @Test func countsTLSWhereItIsSpoken() throws {
        let plain = MemoryBound(try settings(memory: nil).values).total
        let file = "tls-certificate-file: certificate.pem\ntls-key-file: key.pem\n"
        let encrypted = MemoryBound(try settings(memory: nil, file: file).values).total
        #expect(encrypted - plain == 4096 * MemoryBound.tlsBytes)
    }

    @Test func countsTheLargerOfTheImageAndWhatIsMadeOfIt() throws {
        func total(_ file: String) throws -> Int { MemoryBound(try settings(memory: nil, file: file).values).total }
        let fixed = "handlers: 3\nmax-picture-pixels: 1000\n"
        let small = try total(fixed + "max-explanation-bytes: 1 MiB\nmax-image-pixels: 50000000")
        #expect(try total(fixed + "max-explanation-bytes: 300 MiB\nmax-image-pixels: 50000000") == small)
        let large = try total(fixed + "max-explanation-bytes: 400 MiB\nmax-image-pixels: 50000000")
        #expect(try total(fixed + "max-explanation-bytes: 500 MiB\nmax-image-pixels: 50000000") == large + 300 << 20)
    }

    @Test func whatSavesNothingIsNotLowered() throws {
        let settings = try settings(memory: 512 << 20, file: "data: /var/lib/switchback\n")
        #expect(settings.values.imageStore.maximumBytes == ServiceSettings().imageStore.maximumBytes)
        #expect(settings.sources["image-store-bytes"] == .standard(note: nil))
    }
}
