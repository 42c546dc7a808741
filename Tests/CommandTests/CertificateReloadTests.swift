import Concurrency
import Foundation
import Glibc
import HTTPServer
import TestClients
import Testing

/// `kill -HUP` of a program that speaks TLS, whose certificate files were replaced.
@Suite(.serialized) struct CertificateReloadTests {
    private let folder: TemporaryFolder
    private let authority: Identity

    init() throws {
        folder = try TemporaryFolder()
        authority = try Identity("Test Authority", isAuthority: true)
    }

    /// Puts certificate and key of that name in the place of the ones before.
    private func replaceCertificate(with name: String) throws {
        let identity = try Identity(name, signedBy: authority)
        try folder.write(identity.certificate, to: "certificate.pem")
        try folder.write(identity.key, to: "key.pem")
    }

    private func start() throws -> RunningProgram {
        try RunningProgram(
            [
                "--tls-certificate-file", folder.path + "/certificate.pem", "--tls-key-file", folder.path + "/key.pem",
                "--no-access-log",
            ], scheme: "https")
    }

    private func client(_ program: RunningProgram, resuming earlier: TLSClient? = nil) throws -> TLSClient {
        try TLSClient(to: program.address, resuming: earlier, TLSClient.Options(authority: authority))
    }

    /// Whether new connections see the certificate of that name.
    ///
    /// One that begins in the very turn of the loop in which the certificate is replaced may still see the old one.
    private func isShown(_ name: String, _ program: RunningProgram) throws -> Bool {
        for _ in 0..<3 where try client(program).serverName == name { return true }
        return false
    }

    @Test func manySwapsUnderLoadDisturbNobody() throws {
        try replaceCertificate(with: "0")
        let program = try start()
        let load = TLSLoad(to: program.address, authority: authority, clients: 4)
        let upload = try client(program)
        let photo = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        let head = "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: \(photo.count)"
        try upload.send(head + "\r\n\r\n")
        try upload.send(Array(photo[..<1000]))
        for number in 1...12 {
            load.awaitAnswers(20)
            try replaceCertificate(with: "\(number)")
            program.signal(SIGHUP)
            try program.awaitLine("SIGHUP: certificates read again")
            #expect(try isShown("\(number)", program))
            load.expectCertificate(number)
        }
        load.awaitAnswers(20)
        try upload.send(Array(photo[1000...]))
        #expect(try upload.answer().status == 200)
        #expect(upload.serverName == "0")
        #expect(load.stop() == [])
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
    }

    @Test func aSessionOfTheOldCertificateIsNotResumed() throws {
        try replaceCertificate(with: "first")
        let program = try start()
        let old = try client(program)
        #expect(try old.get("/healthz").status == 200)
        #expect(try client(program, resuming: old).wasResumed)
        try replaceCertificate(with: "second")
        program.signal(SIGHUP)
        try program.awaitLine("SIGHUP: certificates read again")
        #expect(try isShown("second", program))
        // There are no tokens.
        #expect(!program.log.contains { $0.contains("access read again") })
        let new = try client(program, resuming: old)
        #expect(!new.wasResumed && new.serverName == "second")
        for each in [old, new] { #expect(try each.get("/healthz").status == 200) }
    }

    @Test func aBrokenFileLeavesTheOldCertificateAndIsNamed() throws {
        try replaceCertificate(with: "first")
        let program = try start()
        let load = TLSLoad(to: program.address, authority: authority, clients: 2)
        let (certificate, key) = (folder.path + "/certificate.pem", folder.path + "/key.pem")
        func reject(_ reason: String) throws {
            program.signal(SIGHUP)
            let line = try program.awaitLine("SIGHUP: the certificates in use stay")
            #expect(line.contains(reason) && line.contains(#""level":"error""#), "\(line)")
            load.awaitAnswers(5)
            #expect(try client(program).serverName == "first")
        }
        try folder.write(try Identity("other").key, to: "key.pem")
        try reject("the TLS key in \(key) is not that of the certificate in \(certificate)")
        try folder.write("", to: "certificate.pem")
        try reject("the TLS certificate file \(certificate) cannot be used: it holds no certificate in PEM form")
        try FileManager.default.removeItem(atPath: certificate)
        try reject("the TLS certificate file \(certificate) cannot be used: there is no such file")
        try replaceCertificate(with: "second")
        program.signal(SIGHUP)
        try program.awaitLine("SIGHUP: certificates read again")
        #expect(try isShown("second", program))
        #expect(load.stop() == [])
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
    }
}
