// Sends a request on each of many connections, and the next as soon as it is answered, for some seconds.
//
//     requester PORT PATH CONNECTIONS SECONDS
//
// One thread. An answer costs it a read and a write, besides its part of a wait, so that it needs less of its core than a
// server of its. Each answer is looked at: its status is 200, and it is as long as it says. Prints how many were answered
// and the seconds it took.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM_EVENTS = 512, BUFFER = 1 << 18 };

static const char STATUS[] = "HTTP/1.1 200 ";

struct connection {
    int descriptor;
    /// Bytes of the answer that are still to come; 0 before its head.
    long left;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "requester: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void refuse(const char *what, const char *bytes, long count) {
    fprintf(stderr, "requester: %s: %.*s\n", what, (int)(count < 300 ? count : 300), bytes);
    exit(1);
}

static void ask(const struct connection *connection, const char *request, size_t length) {
    // A request this short goes whole, or the connection is broken.
    if (send(connection->descriptor, request, length, MSG_NOSIGNAL) != (ssize_t)length) fail("send");
}

/// What is still to come behind these first bytes of an answer.
static long expected(const char *bytes, long count) {
    if (count < (long)sizeof STATUS - 1 || memcmp(bytes, STATUS, sizeof STATUS - 1)) refuse("no 200", bytes, count);
    const char *end = memmem(bytes, (size_t)count, "\r\n\r\n", 4);
    if (!end) refuse("a head that did not come at once", bytes, count);
    const char *field = memmem(bytes, (size_t)(end - bytes), "\r\nContent-Length: ", 18);
    if (!field) refuse("no Content-Length", bytes, count);
    return end + 4 - bytes + atol(field + 18) - count;
}

/// Open connections that the poll watches.
static void open_all(struct connection *connections, int count, int port, int epoll) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    for (int i = 0; i < count; i++) {
        int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
        if (descriptor < 0) fail("socket");
        if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[i] = (struct connection){.descriptor = descriptor};
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
    }
}

/// Reads once: whether the answer is whole.
static int is_answered(struct connection *connection) {
    static char buffer[BUFFER];
    long got = recv(connection->descriptor, buffer, sizeof buffer, 0);
    if (got < 0) fail("recv");
    if (got == 0) refuse("a connection ended", "", 0);
    connection->left = connection->left ? connection->left - got : expected(buffer, got);
    if (connection->left < 0) refuse("more than an answer", buffer, got);
    return connection->left == 0;
}

int main(int argc, char **argv) {
    int port = argc == 5 ? atoi(argv[1]) : 0, count = argc == 5 ? atoi(argv[3]) : 0;
    double seconds = argc == 5 ? atof(argv[4]) : 0;
    if (port < 1 || port > 65535 || count < 1 || !(seconds > 0)) {
        fprintf(stderr, "usage: requester PORT PATH CONNECTIONS SECONDS\n");
        return 2;
    }
    static char request[4096];
    size_t length =
        (size_t)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", argv[2], port);
    if (length >= sizeof request) refuse("too long a path", argv[2], (long)strlen(argv[2]));
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!connections || epoll < 0) fail("epoll_create1");
    open_all(connections, count, port, epoll);
    double start = now(), time = start;
    for (int i = 0; i < count; i++) ask(&connections[i], request, length);
    static struct epoll_event events[MAXIMUM_EVENTS];
    long answered = 0;
    while (time - start < seconds) {
        int ready = epoll_wait(epoll, events, MAXIMUM_EVENTS, 1000);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            if (!is_answered(events[i].data.ptr)) continue;
            answered++;
            ask(events[i].data.ptr, request, length);
        }
        time = now();
    }
    printf("%ld %.6f\n", answered, time - start);
    return 0;
}
