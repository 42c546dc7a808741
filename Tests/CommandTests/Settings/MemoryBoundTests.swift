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

    @Test func theDefaultsFitIntoTheGroupWithTLSAsWell() throws {
        let file = "tls-certificate-file: certificate.pem\ntls-key-file: key.pem\n"
        #expect(MemoryBound(try settings(memory: 512 << 20, file: file).values).total <= 512 << 20)
    }

    /// As `Documentation/Limits.md` and `Configuration.md` state them.
    @Test func thePartsAreThoseOfTheDocumentation() throws {
        let settings = try settings(memory: nil, file: "handlers: 4\n").values
        #expect(settings.server.connectionBytes == 2 * (56 << 10) + 100 * 288 + (12 << 10))
        let parts = MemoryBound(settings).parts.map { $0.bytes >> 20 }.filter { $0 > 0 }
        // The program, connections, bodies, the spare one, answers, those on their way, images, two caches, handlers.
        #expect(parts == [192, 608, 304, 8, 256, 32, 256, 64, 72, 2552])
        #expect(MemoryBound(settings).total >> 20 == 4345)
    }

    @Test func countsWhatBodiesTakeInTheHandlers() throws {
        func total(_ file: String) throws -> Int { MemoryBound(try settings(memory: nil, file: file).values).total }
        let fixed = "handlers: 3\nmax-picture-pixels: 1000\nmax-explanation-bytes: 300 MiB\nmax-image-pixels: 1000\n"
        let base = try total(fixed + "max-body-bytes: 20 MiB")
        // One more that grows, and two for each handler.
        #expect(try total(fixed + "max-body-bytes: 30 MiB") == base + 7 * 10 << 20)
        // Six while it is read, which is then more than the explanation and two.
        let long = try total(fixed + "max-body-bytes: 100 MiB")
        #expect(try total(fixed + "max-body-bytes: 110 MiB") == long + 19 * 10 << 20)
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
        #expect(complaint.contains("GiB for bodies (max-held-body-bytes + max-body-bytes)"))
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
