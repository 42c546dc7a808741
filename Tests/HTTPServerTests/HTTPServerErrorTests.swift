import Glibc
import HTTPServer
import Testing

@Suite struct HTTPServerErrorTests {
    @Test(arguments: [
        (
            HTTPServerError.badAddress("x", reason: "the port is missing"),
            "cannot listen at 'x': the port is missing; write it as 127.0.0.1:8080, [::1]:8080 or unix:/run/name.sock"
        ),
        (
            .cannotListen(address: "127.0.0.1:80", errno: EADDRINUSE),
            "cannot listen at 127.0.0.1:80: the address is already in use by another process"
        ),
        (
            .cannotListen(address: "127.0.0.1:80", errno: EACCES),
            "cannot listen at 127.0.0.1:80: permission denied (ports below 1024 need a privilege)"
        ),
        (
            .cannotListen(address: "10.1.1.1:80", errno: EADDRNOTAVAIL),
            "cannot listen at 10.1.1.1:80: this machine has no such address"
        ),
        (
            .cannotListen(address: "unix:/run/a.sock", errno: EACCES),
            "cannot listen at unix:/run/a.sock: permission denied for its folder or the socket that stands there"
        ),
        (
            .cannotListen(address: "unix:/run/a.sock", errno: ENOTSOCK),
            "cannot listen at unix:/run/a.sock: a file that is no socket stands there"
        ),
        (
            .cannotListen(address: "unix:/x/a.sock", errno: ENOENT),
            "cannot listen at unix:/x/a.sock: its folder does not exist"
        ),
        (
            .cannotListen(address: "systemd: (descriptor 3)", errno: ENOTSOCK),
            "cannot listen at systemd: (descriptor 3): it is no listening stream socket"
        ),
        (
            .nothingInherited,
            "cannot listen at systemd: no sockets were handed over (LISTEN_FDS is not set for this process)"
        ),
        (
            .inheritedTwice,
            "cannot listen at systemd: twice: all sockets that were handed over are taken at once, with TLS or without"
        ),
        (.system(call: "epoll_create1", errno: EMFILE), "the system call epoll_create1 failed: too many open files"),
        (.system(call: "eventfd", errno: EINVAL), "the system call eventfd failed: Invalid argument"),
        (.alreadyStarted, "the server was started before; a server runs once"),
        (
            .missingTLS(address: "https://127.0.0.1:443"),
            "cannot listen at https://127.0.0.1:443: TLS needs a certificate and its key, and none are configured"
        ),
        (
            .badTLSFile(.clientAuthorities, path: "/a.pem", reason: "there is no such file"),
            "the TLS client authority file /a.pem cannot be used: there is no such file"
        ),
        (
            .keyDoesNotMatch(key: "/k.pem", certificate: "/c.pem"),
            "the TLS key in /k.pem is not that of the certificate in /c.pem"
        ),
        (.noTLS(reason: "out of memory"), "OpenSSL cannot be set up: out of memory"),
    ])
    func saysWhatIsWrong(error: HTTPServerError, words: String) {
        #expect(error.description == words)
    }
}
