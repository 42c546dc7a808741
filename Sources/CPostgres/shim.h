/// The client library of PostgreSQL, libpq: as much of it as a store needs, with what may be null said.
#ifndef SWITCHBACK_CPOSTGRES_SHIM_H
#define SWITCHBACK_CPOSTGRES_SHIM_H

#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#pragma clang assume_nonnull begin

/// A connection to the server; freed by sb_postgres_close.
typedef struct pg_conn sb_postgres;

/// What a statement came to; freed by sb_postgres_clear.
typedef struct pg_result sb_postgres_result;

/// Connects, which may take until the time that the words set. Null when out of memory; else ask sb_postgres_is_up.
/// The lists end with null; a word that stands twice counts as it stands last.
static inline sb_postgres *_Nullable sb_postgres_open(const char *_Nullable const *words,
                                                       const char *_Nullable const *values) {
    return PQconnectdbParams(words, values, 1);
}

static inline void sb_postgres_close(sb_postgres *connection) {
    PQfinish(connection);
}

static inline bool sb_postgres_is_up(const sb_postgres *connection) {
    return PQstatus(connection) == CONNECTION_OK;
}

/// Whether nothing is being asked of the connection and no transaction is open; false where it is lost.
static inline bool sb_postgres_is_idle(const sb_postgres *connection) {
    return PQtransactionStatus(connection) == PQTRANS_IDLE;
}

/// Why the connection or its last statement failed: owned by the connection until its next call.
static inline const char *sb_postgres_error(const sb_postgres *connection) {
    return PQerrorMessage(connection);
}

/// Has the server read a statement once, under a name.
static inline sb_postgres_result *_Nullable sb_postgres_prepare(sb_postgres *connection, const char *name,
                                                                const char *sql, int count, const Oid *types) {
    return PQprepare(connection, name, sql, count, types);
}

/// Runs it. Values and results are in PostgreSQL's binary form.
static inline sb_postgres_result *_Nullable sb_postgres_run(sb_postgres *connection, const char *name, int count,
                                                            const char *_Nullable const *values, const int *lengths,
                                                            const int *formats) {
    return PQexecPrepared(connection, name, count, values, lengths, formats, 1);
}

/// Runs statements that take and give nothing.
static inline sb_postgres_result *_Nullable sb_postgres_execute(sb_postgres *connection, const char *sql) {
    return PQexec(connection, sql);
}

static inline void sb_postgres_clear(sb_postgres_result *result) {
    PQclear(result);
}

static inline bool sb_postgres_is_good(const sb_postgres_result *result) {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/// The five characters that say what went wrong; null where the server did not say. Owned by the result.
static inline const char *_Nullable sb_postgres_state(const sb_postgres_result *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

/// What went wrong, in the server's words; null where it did not say. Owned by the result.
static inline const char *_Nullable sb_postgres_message(const sb_postgres_result *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

/// How many rows a statement changed, as text: empty where that means nothing. Owned by the result.
static inline const char *sb_postgres_changes(sb_postgres_result *result) {
    return PQcmdTuples(result);
}

static inline int sb_postgres_rows(const sb_postgres_result *result) {
    return PQntuples(result);
}

static inline int sb_postgres_columns(const sb_postgres_result *result) {
    return PQnfields(result);
}

/// The name of a column, owned by the result.
static inline const char *_Nullable sb_postgres_name(const sb_postgres_result *result, int column) {
    return PQfname(result, column);
}

/// The bytes of a value, owned by the result; null for NULL.
static inline const char *_Nullable sb_postgres_value(const sb_postgres_result *result, int row, int column,
                                                      int *length) {
    *length = PQgetlength(result, row, column);
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

/// Waits up to so many milliseconds for something to read; then whether the connection is still up.
static inline bool sb_postgres_wait(sb_postgres *connection, int milliseconds) {
    struct pollfd waiting = {.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
    if (waiting.fd < 0) return false;
    poll(&waiting, 1, milliseconds);
    return PQconsumeInput(connection) == 1;
}

/// Takes one notification that has come; whether there was one.
static inline bool sb_postgres_notified(sb_postgres *connection) {
    PGnotify *notification = PQnotifies(connection);
    if (!notification) return false;
    PQfreemem(notification);
    return true;
}

#pragma clang assume_nonnull end

#endif
